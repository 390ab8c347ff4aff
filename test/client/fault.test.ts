import { expect, test } from 'vitest';
import { parseFault } from '../../client/src/kernel/fault.ts';

const frames = `  File "/project/train.py", line 12 in step
  File "/project/train.py", line 30 in <module>
`;

test('the thread that died tells where it was, wherever it stands in the list', () => {
  const text = `Fatal Python error: Segmentation fault

Thread 0x00007f1 (most recent call first):
  File "/usr/lib/python3.12/threading.py", line 359 in wait

Current thread 0x00007f2 (most recent call first):
${frames}
Extension modules: torch._C (total: 1)
`;
  expect(parseFault(text)).toEqual({
    reason: 'Segmentation fault',
    frames: [
      { filename: '/project/train.py', line: 29, name: '<module>' },
      { filename: '/project/train.py', line: 11, name: 'step' },
    ],
  });
});

test('a native thread that died leaves it to the one that waited for it', () => {
  const text = `Fatal Python error: Aborted

Current thread 0x00007f3 [AGX] (most recent call first):
  <no Python frame>

Thread 0x00007f2 (most recent call first):
${frames}`;
  expect(parseFault(text)?.frames.at(-1)).toMatchObject({ line: 11, name: 'step' });
});

test('other text is no fault', () => {
  expect(parseFault('')).toBeNull();
  expect(parseFault('Traceback (most recent call last):')).toBeNull();
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  parseBenchmarkEvent,
  parseEvent,
  parseProbe,
} from '../../client/src/kernel/messages.gen.ts';

const done = { type: 'done', mark: 3, id: 1, status: 'ok' };

test('a whole event is returned as it is, with what a newer kernel adds', () => {
  expect(parseEvent(done)).toBe(done);
  expect(parseEvent({ ...done, energy: 3 })).toMatchObject({ energy: 3 });
});

test.each([
  ['no object', null],
  ['a list', [done]],
  ['an unknown type', { ...done, type: 'finished' }],
  ['a missing field', { type: 'done', mark: 3, id: 1 }],
  ['a text for a number', { ...done, id: '1' }],
  ['a fraction for an integer', { ...done, mark: 1.5 }],
  ['a value that is not in the list', { ...done, status: 'fine' }],
])('%s is no event', (_, value) => {
  expect(parseEvent(value)).toBeNull();
});

test('nested records are checked', () => {
  const frame = { filename: 'a.py', line: 3, name: 'f' };
  const error = {
    type: 'error',
    mark: 1,
    id: 1,
    ename: 'E',
    evalue: '',
    traceback: '',
    frames: [frame],
    explanation: null,
    rule: null,
  };
  expect(parseEvent(error)).toBe(error);
  expect(parseEvent({ ...error, frames: [{ ...frame, line: null }] })).toBeNull();
});

test('None is null where the kernel may not know, and absent is not', () => {
  const report = {
    type: 'report',
    mark: 1,
    id: 1,
    started: '2026-11-25T12:00:00.000000Z',
    ended: '2026-11-25T12:00:00.000009Z',
    wall: 9,
    returned: 8,
    evaluated: 0,
    cpu: 7,
    gpu: null,
    accelerator: null,
    device: null,
    uses: [],
    left_on_cpu: [],
    host: null,
    flops: null,
    memory: [],
    unevaluated: 0,
    fallbacks: [],
    copies: null,
    caveats: [],
  };
  expect(parseEvent(report)).toBe(report);
  const { gpu: _, ...without } = report;
  expect(parseEvent(without)).toBeNull();
});

test('benchmark lines and the probe have their own check', () => {
  const progress = { type: 'progress', label: 'matmul', done: 0, total: 4 };
  expect(parseBenchmarkEvent(progress)).toBe(progress);
  expect(parseEvent(progress)).toBeNull();
  expect(parseProbe(progress)).toBeNull();
});

test('an annotation without a TypeScript form is refused with its line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'smelt-messages-'));
  const file = join(folder, 'messages.py');
  const script = resolve(import.meta.dirname, '../../server/tools/generators/describe_messages.py');
  writeFileSync(file, 'class A(TypedDict):\n    when: tuple[int, int]\n');
  expect(() => execFileSync('python3', [script, file], { stdio: 'pipe' })).toThrow(
    /line 2: no TypeScript form is known for `tuple\[int, int\]`/,
  );
  rmSync(folder, { recursive: true });
});

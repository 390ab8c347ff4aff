import { expect, test } from 'vitest';
import type { QueueCell } from '../../client/src/views/queueText.ts';
import { placeText, queueLabel, queueSentences } from '../../client/src/views/queueText.ts';

const cell = (ahead: number, isRunning = false): QueueCell => ({
  title: '# %% train',
  file: 'train.py',
  line: 12,
  isRunning,
  ahead,
  seconds: 7,
});

test('says where each cell stands', () => {
  expect(placeText(cell(0, true))).toBe('train.py, line 12 · running');
  expect(placeText(cell(0))).toBe('train.py, line 12 · waits for Python to start');
  expect(placeText(cell(1))).toBe('train.py, line 12 · next');
  expect(placeText(cell(3))).toBe('train.py, line 12 · 3 before it');
  expect(queueSentences([cell(1)])).toEqual(['# %% train (train.py, line 12 · next)']);
});

test('says in the status bar for how long a cell runs, and how many wait', () => {
  expect(queueLabel([cell(0, true)])).toBe('7 s');
  expect(queueLabel([cell(0, true), cell(1)])).toBe('7 s · 1 waits');
  expect(queueLabel([cell(0, true), cell(0, true), cell(1), cell(2)])).toBe('2 cells · 2 wait');
  expect(queueLabel([cell(0)])).toBe('starting Python · 1 waits');
});

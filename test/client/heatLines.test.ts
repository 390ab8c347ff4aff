import { expect, test } from 'vitest';
import type { LineProfile, Profile } from '../../client/src/kernel/messages.gen.ts';
import { heatLines } from '../../client/src/views/heatLines.ts';

const line = (number: number, milliseconds: number, more: Partial<LineProfile> = {}) => ({
  line: number,
  end_line: number,
  count: 1,
  wall: milliseconds * 1e6,
  returned: milliseconds * 1e6,
  device: null,
  ...more,
});
const profile = (...lines: readonly LineProfile[]): Profile => ({
  type: 'profile',
  mark: 1,
  id: 1,
  filename: 'a.py',
  lines,
  own: 0,
});

test('each line has its time, its share, and a heat by that share', () => {
  const lines = heatLines(
    profile(line(1, 60, { device: 'mps', count: 20 }), line(2, 30), line(3, 9.5), line(4, 0.5)),
  );
  expect(lines.map(({ line, heat, text }) => [line, heat, text])).toEqual([
    [1, 4, '60.0 ms · 60% · mps · 20 times'],
    [2, 3, '30.0 ms · 30%'],
    [3, 1, '9.50 ms · 10%'],
    [4, 0, '500 µs · <1%'],
  ]);
});

test('waiting for the device is told apart from running', () => {
  const [hot] = heatLines(profile(line(1, 10, { returned: 1e6, count: 2 })));
  expect(hot?.detail).toBe(
    'Ran 2 times, 5.00 ms each: 10.0 ms in all, 100% of the cell. 9.00 ms of it were spent waiting for the device after the line had returned.',
  );
});

test('a cell without time has no heat', () => {
  expect(heatLines(profile(line(1, 0))).map(({ heat }) => heat)).toEqual([0]);
});

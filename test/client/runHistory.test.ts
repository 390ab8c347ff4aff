import { expect, test } from 'vitest';
import { changeOf, historyText, median, sparkline } from '../../client/src/views/runHistory.ts';

const ms = (...values: readonly number[]): number[] => values.map((value) => value * 1e6);

test('a change of more than the noise is said, with its size', () => {
  expect(changeOf(20e6, ms(10, 10.2, 9.9))).toBe('2.0x slower than before');
  expect(changeOf(1e6, ms(30, 31, 29, 30))).toBe('30x faster than before');
});

test('what lies within the noise, or has too little to compare with, is not', () => {
  expect(changeOf(10.8e6, ms(10, 10.01, 9.99))).toBeNull();
  expect(changeOf(19e6, ms(10, 14, 18, 12, 8))).toBeNull();
  expect(changeOf(20e6, ms(10, 10))).toBeNull();
  expect(changeOf(112e6, ms(346, 342, 34))).toBeNull();
});

test('the median of an even number of runs lies between the middle ones', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
});

test('bars begin at zero, so that equal runs look equal', () => {
  expect(sparkline([1, 1, 1])).toBe('███');
  expect(sparkline([0, 4, 8])).toBe('▁▄█');
  expect(historyText(ms(10))).toBeNull();
  expect(historyText(ms(10, 20, 30))).toBe('▃▆█ last 3 runs, median 20.0 ms, fastest 10.0 ms');
});

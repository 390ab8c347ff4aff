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
});

test('of three or four runs one that was as long is enough', () => {
  expect(changeOf(112e6, ms(346, 342, 34))).toBeNull();
  expect(changeOf(90e6, ms(10, 10.1, 9.9, 100))).toBeNull();
  expect(changeOf(120e6, ms(10, 10.1, 9.9, 100))).toBe('12x slower than before');
});

test('one odd run among ten hides no change, be it the longest or the shortest', () => {
  const usual = [10, 10.2, 9.8, 10.1, 9.9, 10.3, 9.7, 10, 10.1];
  expect(changeOf(20e6, ms(...usual, 95))).toBe('2.0x slower than before');
  expect(changeOf(20e6, ms(95, ...usual))).toBe('2.0x slower than before');
  expect(changeOf(5e6, ms(...usual, 1))).toBe('2.0x faster than before');
  expect(changeOf(10.4e6, ms(...usual, 95))).toBeNull();
});

test('a change of 30 % is said in a noise of 5 %, and the noise is not', () => {
  const noisy = ms(100, 105, 95, 103, 97, 104, 96, 102, 98, 101);
  expect(changeOf(130e6, noisy)).toBe('1.3x slower than before');
  expect(changeOf(76e6, noisy)).toBe('1.3x faster than before');
  for (let share = 95; share <= 105; share += 1) expect(changeOf(share * 1e6, noisy)).toBeNull();
});

test('of a cell that takes one of two times neither is a change', () => {
  const two = ms(10, 20, 10, 10, 20, 10, 10, 20, 10, 10);
  expect(changeOf(20e6, two)).toBeNull();
  expect(changeOf(10e6, two)).toBeNull();
  expect(changeOf(40e6, two)).toBe('4.0x slower than before');
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

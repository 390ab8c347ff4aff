import { expect, test } from 'vitest';
import { nearest } from '../../client/src/cells/relocate.ts';

const there =
  (...places: number[]) =>
  (place: number): boolean =>
    places.includes(place);

test('what stands where it stood is found there', () => {
  expect(nearest(4, 10, there(0, 4, 9))).toBe(4);
});

test('of several places the nearest is taken, whether above or below', () => {
  expect(nearest(4, 10, there(0, 6))).toBe(6);
  expect(nearest(4, 10, there(3, 6))).toBe(3);
});

test('the first and the last place are looked at, and none beyond', () => {
  expect(nearest(9, 10, there(0))).toBe(0);
  expect(nearest(0, 10, there(9))).toBe(9);
  expect(nearest(4, 10, there(10, -1))).toBeNull();
});

test('a document that has become shorter is searched to its end', () => {
  expect(nearest(40, 3, there(2))).toBe(2);
  expect(nearest(40, 0, there(0))).toBeNull();
  expect(nearest(0, -2, there(0))).toBeNull();
});

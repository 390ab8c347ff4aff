import type { Expression } from '../syntax/tree.ts';
import type { ConstantValue, Value } from './values.ts';

/** Python's arithmetic on numbers; exponents and shifts that would not stay exact are left out. */
const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '**': (a, b) => a ** b,
  '<<': (a, b) => a * 2 ** b,
  '>>': (a, b) => Math.floor(a / 2 ** b),
};

/** The number that two known numbers make; null when it is not known exactly enough. */
export function calculate(
  operator: string,
  left: Value,
  right: Value,
  node: Expression,
): ConstantValue | null {
  if (left.kind !== 'constant' || right.kind !== 'constant') return null;
  if (typeof left.value !== 'number' || typeof right.value !== 'number') return null;
  const value = operations[operator]?.(left.value, right.value);
  if (value === undefined || !Number.isFinite(value)) return null;
  const negativePower = operator === '**' && right.value < 0;
  const isFloat = Boolean(left.isFloat || right.isFloat) || operator === '/' || negativePower;
  if (!isFloat && !Number.isSafeInteger(value)) return null;
  return { kind: 'constant', value, isFloat, origin: node };
}

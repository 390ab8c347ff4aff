import type { Expression, Node } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';

/**
 * The test of an arm that no device of MPS takes, as in the `else` of `if device.type == "mps":`; null when
 * the test does not say so. It is the test inside a `not` that no text has: it begins where the test begins.
 */
export function withoutMps(test: Expression): Expression | null {
  const { start, end } = test;
  return decides(test) && mentionsMps(test)
    ? { kind: 'unary', operator: 'not', operand: test, start, end }
    : null;
}

export const isWithoutMps = (test: Expression): boolean =>
  test.kind === 'unary' && test.start === test.operand.start;

/** With `and` the other half may be what was false. */
const decides = (test: Expression): boolean =>
  test.kind === 'boolean'
    ? (test.operator === 'or' && decides(test.left) && decides(test.right)) ||
      (test.operator === 'and' && looksAt(test.left) && decides(test.right))
    : test.kind !== 'unary' || decides(test.operand);

/** `hasattr(device, "type") and …`: every device has one. */
const looksAt = (test: Expression): boolean =>
  test.kind === 'call' &&
  test.callee.kind === 'name' &&
  /^(?:hasattr|isinstance)$/.test(test.callee.id);

/** `use_mps`, `args.mps`, `"mps"`; `MPSAccelerator`; `is_darwin`, `on_apple_silicon()`. */
const words = [
  /(?:^|_)(?:mps(?:$|_|:)|darwin|macos|mac_os|is_mac(?:$|_)|on_mac(?:$|_)|osx(?:$|_)|apple(?:$|_))/i,
  /^MPS[A-Z]/,
];

const mentioning = new WeakMap<Expression, boolean>();

/** Does a test name MPS, or Macs? Asked again for each run of the test. */
export function mentionsMps(node: Expression): boolean {
  let mentions = mentioning.get(node);
  if (mentions === undefined) {
    mentions = hasMps(node);
    mentioning.set(node, mentions);
  }
  return mentions;
}

function hasMps(node: Expression): boolean {
  const pending: Node[] = [node];
  for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
    const word =
      each.kind === 'name'
        ? each.id
        : each.kind === 'attribute'
          ? each.name.text
          : each.kind === 'string'
            ? each.value
            : '';
    if (words.some((one) => one.test(word))) return true;
    pending.push(...childrenOf(each));
  }
  return false;
}

import type { Expression, ForStatement, Node, WhileStatement } from '../syntax/tree.ts';

/** The number that counts the rounds: `for i in range(n)`, `for i, x in enumerate(xs)`. */
export function counterOf({ target, iterable }: ForStatement): string | null {
  const called =
    iterable.kind === 'call' && iterable.callee.kind === 'name' ? iterable.callee.id : '';
  if (called === 'range') return nameOf(target);
  return called === 'enumerate' && target.kind === 'tuple' ? nameOf(target.elements[0]) : null;
}

const nameOf = (target: Expression | undefined): string | null =>
  target?.kind === 'name' ? target.id : null;

/** `if step == 20: break`, as a statement of the loop itself. */
function breakCount(loop: ForStatement): number | null {
  const counter = counterOf(loop);
  for (const statement of loop.body) {
    if (statement.kind !== 'if' || statement.body.at(-1)?.kind !== 'break') continue;
    const { test } = statement;
    if (test.kind !== 'compare' || nameOf(test.left) !== counter || counter === null) continue;
    const [limit] = test.operands;
    const isReached = ['==', '>=', '>'].includes(test.operators[0] ?? '');
    if (isReached && test.operands.length === 1 && limit?.kind === 'number') return limit.value + 1;
  }
  return null;
}

/** How often a loop runs, where numbers say so: `for _ in range(20)`; null: unknown. */
export function loopCount(loop: ForStatement | WhileStatement): number | null {
  if (loop.kind !== 'for') return null;
  let { iterable } = loop;
  const wrapped = iterable.kind === 'call' ? iterable.args[0]?.value : undefined;
  // tqdm(range(20)), enumerate(range(20))
  if (wrapped?.kind === 'call' && isRange(wrapped)) iterable = wrapped;
  if (iterable.kind !== 'call' || !isRange(iterable)) return null;
  const numbers = iterable.args.map(({ value }) => (value.kind === 'number' ? value.value : null));
  const [first, second] = numbers;
  if (numbers.includes(null) || numbers.length > 2 || first === undefined || first === null)
    return null;
  return second === undefined || second === null ? first : second - first;
}

/** Up to so many rounds a lazy graph is no burden. */
const few = 32;

/** Does it count or wait for something, rather than go through what is there? */
export const isCounted = (loop: ForStatement | WhileStatement): boolean =>
  loop.kind === 'while' ||
  isRange(loop.iterable) ||
  (loop.iterable.kind === 'call' && loop.iterable.args.some(({ value }) => isRange(value)));

export function runsOften(loop: ForStatement | WhileStatement): boolean {
  if (loop.kind === 'for' && isOfDict(loop.iterable)) return false;
  const counts = [loopCount(loop), loop.kind === 'for' ? breakCount(loop) : null];
  return counts.every((count) => count === null || count > few);
}

/** `for grad in grads.values()`: a model has so many parameters, and no more. */
const isOfDict = (node: Expression): boolean =>
  node.kind === 'call' &&
  node.callee.kind === 'attribute' &&
  /^(?:values|items)$/.test(node.callee.name.text);

const isRange = (node: Node): boolean =>
  node.kind === 'call' && node.callee.kind === 'name' && node.callee.id === 'range';

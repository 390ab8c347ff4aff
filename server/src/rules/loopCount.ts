import type { ForStatement, Node, WhileStatement } from '../syntax/tree.ts';

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
  const count = loopCount(loop);
  return count === null || count > few;
}

const isRange = (node: Node): boolean =>
  node.kind === 'call' && node.callee.kind === 'name' && node.callee.id === 'range';

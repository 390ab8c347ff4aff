import type { Node } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';

/**
 * Calls `visit` for the nodes around what the pattern finds in the text, parents first. Functions without
 * any of it are not even parsed.
 */
export function walkAround(
  nodes: readonly Node[],
  text: string,
  pattern: RegExp,
  visit: (node: Node) => void,
): void {
  const places = [...text.matchAll(pattern)].map(({ index }) => index);
  const isAround = ({ start, end }: Node): boolean => {
    const next = firstFrom(places, start);
    return next !== undefined && next < end;
  };
  const pending = nodes.filter(isAround);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    visit(node);
    pending.push(...childrenOf(node).filter(isAround));
  }
}

/** The first of the ascending numbers that is not below the limit. */
function firstFrom(ascending: readonly number[], limit: number): number | undefined {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return ascending[low];
}

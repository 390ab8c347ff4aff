import type { ClassStatement, FunctionStatement, Node, Span, Statement } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';

export type Owner = FunctionStatement | ClassStatement;

const known = new WeakMap<readonly Statement[], Map<number, readonly Node[]>>();

/** The nodes of a body around a place, outermost first. Many rules ask about the same places. */
export function nodesAround(body: readonly Statement[], offset: number): readonly Node[] {
  let places = known.get(body);
  if (places === undefined) {
    places = new Map();
    known.set(body, places);
  }
  let around = places.get(offset);
  if (around === undefined) {
    around = descend(body, offset);
    places.set(offset, around);
  }
  return around;
}

/** The functions and classes around a place, outermost first. */
export const ownersOf = (body: readonly Statement[], offset: number): readonly Owner[] =>
  nodesAround(body, offset).filter((node) => node.kind === 'function' || node.kind === 'class');

/** The body of the innermost function around a place, or the module's. */
export const bodyAround = (body: readonly Statement[], offset: number): readonly Statement[] =>
  ownersOf(body, offset).findLast(({ kind }) => kind === 'function')?.body ?? body;

function descend(body: readonly Statement[], offset: number): readonly Node[] {
  const found: Node[] = [];
  const isAround = ({ start, end }: Span): boolean => start <= offset && offset < end;
  let around: Node | undefined = body.find(isAround);
  while (around !== undefined) {
    found.push(around);
    around = childrenOf(around).find(isAround);
  }
  return found;
}

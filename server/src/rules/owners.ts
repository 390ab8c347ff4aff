import type { ClassStatement, FunctionStatement, Statement } from '../syntax/tree.ts';
import { placesAround } from './placesAround.ts';

export type Owner = FunctionStatement | ClassStatement;

const known = new WeakMap<readonly Statement[], Map<number, readonly Statement[]>>();

/** The statements of a body around a place, outermost first. Many rules ask about the same places. */
export function statementsAround(body: readonly Statement[], offset: number): readonly Statement[] {
  let places = known.get(body);
  if (places === undefined) {
    places = new Map();
    known.set(body, places);
  }
  let around = places.get(offset);
  if (around === undefined) {
    around = placesAround(body, { start: offset, end: offset + 1 }).map(
      (place) => place.body[place.index] as Statement,
    );
    places.set(offset, around);
  }
  return around;
}

/** The functions and classes around a place, outermost first. */
export const ownersOf = (body: readonly Statement[], offset: number): readonly Owner[] =>
  statementsAround(body, offset).filter(
    (node) => node.kind === 'function' || node.kind === 'class',
  );

/** The body of the innermost function around a place, or the module's. */
export const bodyAround = (body: readonly Statement[], offset: number): readonly Statement[] =>
  ownersOf(body, offset).findLast(({ kind }) => kind === 'function')?.body ?? body;

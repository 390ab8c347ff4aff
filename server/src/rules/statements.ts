import type { Module, Span, Statement } from '../syntax/tree.ts';
import { deleteLines, replace } from './edits.ts';
import type { Edit } from './finding.ts';
import type { PlaceInBody } from './placesAround.ts';
import { placesAround } from './placesAround.ts';

/** The statement lists around a place, outermost first, each with the index of the one that holds it. */
export const bodiesAround = (module: Module, at: Span): readonly PlaceInBody[] =>
  placesAround(module.body, at);

/** Takes a statement away; one that is all of its block leaves `pass`. */
export function deleteStatement(module: Module, statement: Statement): Edit {
  const around = bodiesAround(module, statement).at(-1);
  return around !== undefined && around.body !== module.body && around.body.length === 1
    ? replace(statement, 'pass')
    : deleteLines(module, statement);
}

/** The innermost statement around a place; null outside of all. */
export function statementAt(module: Module, at: Span): Statement | null {
  const innermost = bodiesAround(module, at).at(-1);
  return innermost?.body[innermost.index] ?? null;
}

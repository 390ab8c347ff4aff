import { bodiesOf } from '../semantics/scopes.ts';
import type { Module, Span, Statement } from '../syntax/tree.ts';
import { deleteLines, replace } from './edits.ts';
import type { Edit } from './finding.ts';

const isIn = (inner: Span, outer: Span): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

/** The statement lists around a place, outermost first, each with the index of the one that holds it. */
export function bodiesAround(
  module: Module,
  at: Span,
): readonly { readonly body: readonly Statement[]; readonly index: number }[] {
  const found: { body: readonly Statement[]; index: number }[] = [];
  let bodies: readonly (readonly Statement[])[] = [module.body];
  while (bodies.length > 0) {
    const body = bodies.find((each) => each.some((statement) => isIn(at, statement)));
    if (body === undefined) break;
    const index = body.findIndex((statement) => isIn(at, statement));
    found.push({ body, index });
    const statement = body[index] as Statement;
    bodies =
      statement.kind === 'function' || statement.kind === 'class'
        ? [statement.body]
        : bodiesOf(statement);
  }
  return found;
}

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

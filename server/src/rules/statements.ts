import { bodiesOf } from '../semantics/scopes.ts';
import type { Module, Span, Statement } from '../syntax/tree.ts';

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

/** The innermost statement around a place; null outside of all. */
export function statementAt(module: Module, at: Span): Statement | null {
  const innermost = bodiesAround(module, at).at(-1);
  return innermost?.body[innermost.index] ?? null;
}

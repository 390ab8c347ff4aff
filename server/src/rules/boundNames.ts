import { blocksOf, bodiesOf } from '../semantics/scopes.ts';
import type { Expression, Module, Span, Statement } from '../syntax/tree.ts';
import { loopCount } from './loopCount.ts';
import { bodiesAround } from './statements.ts';

/** Is the name bound before a statement, whichever branches the program takes? */
export function isSurelyBound(module: Module, name: string, at: Span): boolean {
  return bodiesAround(module, at).some(({ body, index }) => {
    const around = body[index];
    return (
      body.slice(0, index).some((statement) => binds(statement, name)) ||
      (around?.kind === 'function' && around.parameters.some((one) => one.name?.text === name)) ||
      (around?.kind === 'for' && isIn(around.target, name))
    );
  });
}

function binds(statement: Statement, name: string): boolean {
  const inside = (body: readonly Statement[]): boolean => body.some((each) => binds(each, name));
  switch (statement.kind) {
    case 'assign':
      return statement.targets.some((target) => isIn(target, name));
    case 'augmentedAssign':
      return isIn(statement.target, name);
    case 'with':
      return bodiesOf(statement).some(inside);
    case 'for':
      return (
        (loopCount(statement) ?? 0) > 0 && (isIn(statement.target, name) || inside(statement.body))
      );
    case 'if':
      return blocksOf(statement).every(inside);
    default:
      return false;
  }
}

const isIn = (target: Expression, name: string): boolean =>
  (target.kind === 'name' && target.id === name) ||
  ((target.kind === 'tuple' || target.kind === 'list') &&
    target.elements.some((element) => isIn(element, name)));

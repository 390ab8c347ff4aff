import { blocksOf, bodiesOf } from '../semantics/scopes.ts';
import type { Expression, Module, Span, Statement } from '../syntax/tree.ts';
import { loopCount } from './loopCount.ts';
import { ownersOf } from './owners.ts';
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

/** Is the name the own one of the innermost function around a place, or are there no functions? Else an assignment would make another one. */
export function isOwnName({ body }: Module, name: string, offset: number): boolean {
  const owner = ownersOf(body, offset).at(-1);
  if (owner === undefined) return true;
  if (owner.kind === 'class') return false;
  return (
    owner.parameters.some((one) => one.name?.text === name) ||
    owner.body.some((each) => bindsAnywhere(each, name))
  );
}

const bindsAnywhere = (statement: Statement, name: string): boolean =>
  (statement.kind === 'assign' && statement.targets.some((target) => isIn(target, name))) ||
  ((statement.kind === 'augmentedAssign' ||
    statement.kind === 'annotatedAssign' ||
    statement.kind === 'for') &&
    isIn(statement.target, name)) ||
  blocksOf(statement).some((block) => block.some((each) => bindsAnywhere(each, name)));

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

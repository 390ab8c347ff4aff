import type { CallExpression, Expression, Module } from '../syntax/tree.ts';
import { assignmentsTo, pathOf } from './assignments.ts';
import { bodyAround } from './owners.ts';
import { usesParameter } from './usesParameter.ts';

/**
 * Does the expression name MPS on every machine? What is asked of such a device raises RuntimeError where there is no MPS,
 * so that what is made of it there changes nothing: `"mps"`, `torch.device("mps")`, and a name that is set to one of them once.
 */
export function isMpsLiteral(expression: Expression | undefined, module: Module): boolean {
  if (expression?.kind !== 'name') return isLiteral(expression);
  const { id, start } = expression;
  const [only, ...others] = assignmentsTo(module.body, id);
  return (
    !usesParameter(expression, module) &&
    only?.kind === 'assign' &&
    others.length === 0 &&
    only.targets.every(({ kind }) => kind === 'name') &&
    isLiteral(only.value) &&
    // Not in a branch: another machine may have bound the name in another way.
    (module.body.includes(only) || bodyAround(module.body, start).includes(only))
  );
}

function isLiteral(expression: Expression | undefined): boolean {
  if (expression?.kind === 'string') return /^mps(?::0)?$/.test(expression.value);
  return (
    expression?.kind === 'call' &&
    /^(?:\w+\.)?device$/.test(pathOf(expression.callee) ?? '') &&
    expression.args.length === 1 &&
    expression.args[0]?.value.kind === 'string' &&
    isLiteral(expression.args[0].value)
  );
}

/** What `x.to(device)` and `x.to(device=device)` name first. */
export const moveTarget = ({ args }: CallExpression): Expression | undefined =>
  (
    args.find(({ name }) => name?.text === 'device') ??
    (args[0]?.form === 'positional' ? args[0] : undefined)
  )?.value;

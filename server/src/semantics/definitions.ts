import type { ClassStatement, Expression, FunctionStatement } from '../syntax/tree.ts';
import { evaluateArguments } from './arguments.ts';
import { evaluateClass } from './classes.ts';
import type { Context } from './context.ts';
import { bind, lookUp, shadow } from './context.ts';
import { decorate, isSkip, skipsOnMac } from './decorators.ts';
import { makesOption, optionDefault, reportDeviceDefault } from './deviceDefaults.ts';
import type { FunctionValue, Value } from './values.ts';
import { unknown } from './values.ts';

export function evaluateDefinition(
  context: Context,
  node: FunctionStatement | ClassStatement,
): void {
  const isSkipped = isInSkippedFile(context);
  if (node.kind === 'class') {
    bind(context, node.name.text, isSkipped ? unknown : evaluateClass(context, node));
    return;
  }
  if (isSkipped || node.decorators.some((decorator) => skipsOnMac(context, decorator))) {
    bind(context, node.name.text, unknown);
    return;
  }
  for (const parameter of node.parameters) {
    if (parameter.defaultValue !== null) {
      const value = context.evaluate(parameter.defaultValue);
      if (parameter.name === null) continue;
      const option = optionOf(context, parameter.defaultValue);
      reportDeviceDefault(context, parameter.name.text, option ?? value, parameter.defaultValue);
    }
  }
  const plain: FunctionValue = {
    kind: 'function',
    node,
    source: context.source,
    scopes: context.frame.scopes.filter((scope) => !context.classScopes.has(scope)),
  };
  context.defined.push(plain);
  const value = decorate(context, node.decorators, plain);
  if (value !== null) bind(context, node.name.text, value);
}

/** The default inside `typer.Option("cuda")`. */
function optionOf(context: Context, node: Expression): Value | null {
  if (node.kind !== 'call') return null;
  const callee = shadow(context, () => context.evaluate(node.callee));
  if (callee.kind !== 'library' || !makesOption(callee.name)) return null;
  return optionDefault(shadow(context, () => evaluateArguments(context, node.args, false))) ?? null;
}

/** `pytestmark = pytest.mark.skipif(…)` at the top: what the file defines is for its tests alone. */
function isInSkippedFile(context: Context): boolean {
  const mark = lookUp(context, 'pytestmark');
  if (mark === undefined) return false;
  return isSkip(mark) || (mark.kind === 'sequence' && mark.elements.some(isSkip));
}

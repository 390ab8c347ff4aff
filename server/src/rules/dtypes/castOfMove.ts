import type { TransferFact } from '../../semantics/facts.ts';
import type { CallExpression, Expression, Module } from '../../syntax/tree.ts';
import { childrenOf } from '../../syntax/visit.ts';
import { castMethods, torchDtypes } from '../../tables/torchFunctions.ts';
import type { RuleContext } from '../rule.ts';
import { statementAt } from '../statements.ts';

/** A cast that is called on the result of a move: `x.to("mps").float()`. */
export interface CastOfMove {
  readonly node: CallExpression;
  /** dtype after the cast, as torch spells it. */
  readonly dtype: string;
}

/** The narrowing cast applied directly to the transfer's result; null when there is none. */
export function castOfMove(context: RuleContext, fact: TransferFact): CastOfMove | null {
  const outer = outerCall(context.module, fact.node);
  if (outer === null || outer.callee.kind !== 'attribute') return null;
  const method = outer.callee.name.text;
  const dtype =
    method === 'to' || method === 'type' ? argumentDtype(outer) : castMethods.get(method);
  if (dtype === undefined || dtype === null || dtype === 'float64' || dtype === 'complex128')
    return null;
  return { node: outer, dtype };
}

function argumentDtype(call: CallExpression): string | null {
  const [argument] = call.args;
  if (call.args.length !== 1 || argument?.value.kind !== 'attribute') return null;
  return torchDtypes.get(argument.value.name.text) ?? null;
}

/** The call whose callee is an attribute of `inner`. */
function outerCall(module: Module, inner: CallExpression): CallExpression | null {
  let found: CallExpression | null = null;
  const visit = (node: Expression | Module['body'][number]): void => {
    if (found !== null || node.start > inner.start || node.end < inner.end) return;
    if (node.kind === 'call' && node.callee.kind === 'attribute' && node.callee.object === inner) {
      found = node;
      return;
    }
    for (const child of childrenOf(node)) visit(child);
  };
  const statement = statementAt(module, inner);
  if (statement !== null) visit(statement);
  return found;
}

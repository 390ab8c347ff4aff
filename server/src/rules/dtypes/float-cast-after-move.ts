import type { TransferFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import { textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import type { CastOfMove } from './castOfMove.ts';
import { castOfMove } from './castOfMove.ts';

export const rule: Rule = {
  meta: {
    name: 'float-cast-after-move',
    code: 'MPS202',
    severity: 'warning',
    summary: 'NumPy data is moved to MPS first and cast to a smaller type afterwards',
    since: '0.1.0',
    fix: 'safe',
  },
  on: {
    transfer(fact, report, context) {
      if (fact.how === 'create' || !isCertainly(fact.device, 'mps') || !mayBeDouble(fact)) return;
      if (isCaught(fact, 'TypeError')) return;
      const cast = castOfMove(context, fact);
      if (cast === null) return;
      report({
        at: { start: fact.node.start, end: cast.node.end },
        message:
          fact.dtype === null
            ? 'NumPy makes float64 by default, and MPS refuses it before this cast is reached.'
            : `${fact.dtype} does not exist on MPS: the move raises TypeError before this cast is reached.`,
        fixes: fixes(fact, cast, context),
      });
    },
  },
};

/** float64 for sure, or NumPy data whose dtype is unknown. */
function mayBeDouble(fact: TransferFact): boolean {
  if (fact.dtype !== null) return fact.dtype === 'float64' || fact.dtype === 'complex128';
  const { value } = fact;
  return (
    (value.kind === 'ndarray' && value.borrowed !== true) ||
    (value.kind === 'tensor' && value.fromNumpy === true)
  );
}

/** One call: torch casts on the CPU side of a move that changes both. */
function fixes(fact: TransferFact, cast: CastOfMove, context: RuleContext): Fix[] {
  const torch = context.facts.localNames.get('torch')?.name ?? 'torch';
  const dtype = `${torch}.${cast.dtype}`;
  const { node } = fact;
  const last = node.args.at(-1);
  const method = node.callee.kind === 'attribute' ? node.callee.name : null;
  // A leaf that asks for gradients stays the leaf only when the cast comes after it.
  const keywords = node.args.map(({ form, name }) => (form === 'positional' ? '' : name?.text));
  const isPlain = keywords.every((name) => name === '' || name === 'device');
  if (!isPlain || takesTensor(fact, context)) return [];
  if (fact.how === 'convert' && last !== undefined && fact.dtypeExpression === null) {
    return [
      fix(`Make it ${cast.dtype} at once`, 'safe', () => [
        { start: last.end, end: last.end, text: `, dtype=${dtype}` },
        { start: node.end, end: cast.node.end, text: '' },
      ]),
    ];
  }
  if (
    fact.how === 'move' &&
    method?.text === 'to' &&
    last !== undefined &&
    node.args.length === 1
  ) {
    const text = `${textOf(context.module, last)}, ${last.form === 'keyword' ? 'dtype=' : ''}${dtype}`;
    return [
      fix(`Cast to ${cast.dtype} in the move`, 'safe', () => [
        { start: last.start, end: last.end, text },
        { start: node.end, end: cast.node.end, text: '' },
      ]),
    ];
  }
  return [];
}

/** `x.to(other)` takes device and dtype from another tensor, and nothing beside it. */
const takesTensor = ({ node }: TransferFact, { facts }: RuleContext): boolean =>
  facts.facts.some(
    (fact) =>
      fact.kind === 'methodCall' && fact.node === node && fact.positional[0]?.kind === 'tensor',
  );

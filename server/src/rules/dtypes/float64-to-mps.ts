import type { TransferFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import { appendCall, replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';
import { castOfMove } from './castOfMove.ts';

const doubles = new Set(['float64', 'complex128']);

export const rule: Rule = {
  meta: {
    name: 'float64-to-mps',
    code: 'MPS201',
    severity: 'error',
    summary: 'A float64 or complex128 tensor is created on, or moved to, the MPS device',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  on: {
    transfer(fact, report, context) {
      if (fact.dtype === null || !doubles.has(fact.dtype) || !isCertainly(fact.device, 'mps'))
        return;
      if (isCaught(fact, 'TypeError')) return;
      // What a DataLoader makes is float64-from-collate.
      if (fact.value.kind === 'tensor' && fact.value.collated === true) return;
      // A cast that follows at once is float-cast-after-move, whose fix is better.
      if (castOfMove(context, fact) !== null) return;
      const verb = fact.how === 'move' ? 'moved' : 'created';
      const origin = fact.value.origin;
      report({
        at: fact.dtypeExpression ?? fact.node,
        message: `${fact.dtype} does not exist on MPS: this raises TypeError when the tensor is ${verb}.`,
        // Chosen at run time, the device is MPS on a Mac only.
        severity: fact.device.choice === undefined ? 'error' : 'warning',
        related:
          origin !== undefined && (origin.start < fact.node.start || origin.end > fact.node.end)
            ? [{ start: origin.start, end: origin.end, message: `This makes ${fact.dtype}.` }]
            : [],
        fixes: fixes(fact, context),
      });
    },
  },
};

function fixes(fact: TransferFact, context: RuleContext): Fix[] {
  const torch = context.facts.localNames.get('torch')?.name ?? 'torch';
  const { node, dtypeExpression } = fact;
  const single = fact.dtype === 'complex128' ? 'complex64' : 'float32';
  if (dtypeExpression !== null) {
    const text = textOf(context.module, dtypeExpression);
    const explicit = text.startsWith(`${torch}.`) || dtypeExpression.kind === 'attribute';
    return explicit
      ? [fix(`Use ${single}`, 'unsafe', () => [replace(dtypeExpression, `${torch}.${single}`)])]
      : [];
  }
  if (fact.how === 'convert') {
    const last = node.args.at(-1);
    if (last === undefined) return [];
    return [
      fix(`Make it ${single}`, 'unsafe', () => [
        { start: last.end, end: last.end, text: `, dtype=${torch}.${single}` },
      ]),
    ];
  }
  if (fact.how === 'move' && node.callee.kind === 'attribute') {
    const { object } = node.callee;
    const cast = single === 'float32' ? '.float()' : `.to(${torch}.${single})`;
    return [
      fix(`Cast to ${single} before the move`, 'unsafe', () => [...appendCall(object, cast)]),
    ];
  }
  return [];
}

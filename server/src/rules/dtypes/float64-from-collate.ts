import { isCaught } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import { textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';
import { castOfMove } from './castOfMove.ts';

export const rule: Rule = {
  meta: {
    name: 'float64-from-collate',
    code: 'MPS205',
    severity: 'warning',
    summary: 'A DataLoader makes float64 of Python floats, and the batch is moved to MPS',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  on: {
    transfer(fact, report, context) {
      const { value, node } = fact;
      if (value.kind !== 'tensor' || value.collated !== true || fact.dtype !== 'float64') return;
      if (!isCertainly(fact.device, 'mps') || isCaught(fact, 'TypeError')) return;
      const isCast = castOfMove(context, fact) !== null;
      const { origin } = value;
      const torch = context.facts.localNames.get('torch')?.name;
      report({
        at: node,
        message: `The DataLoader has made float64 of Python floats, which does not exist on MPS: the move raises TypeError${isCast ? ' before the cast' : ''}.`,
        related:
          origin === undefined
            ? []
            : [{ start: origin.start, end: origin.end, message: 'This is a float of 64 bits.' }],
        fixes:
          origin === undefined || torch === undefined
            ? []
            : [
                fix('Give it as float32', 'unsafe', () => [
                  {
                    start: origin.start,
                    end: origin.end,
                    text: `${torch}.tensor(${textOf(context.module, origin)}, dtype=${torch}.float32)`,
                  },
                ]),
              ],
      });
    },
  },
};

import { isCaught } from '../../semantics/facts.ts';
import { textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-loss-reduction',
    code: 'MLX402',
    severity: 'error',
    summary: 'A loss that is differentiated is one number for each element',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  on: {
    differentiated(fact, report, { module }) {
      const loss = fact.unreduced;
      if (loss === null || isCaught(fact, 'ValueError')) return;
      const name = loss.kind === 'call' ? textOf(module, loss.callee).split('.').at(-1) : 'this';
      report({
        at: loss,
        message: `Raises ValueError when it is differentiated: ${name} returns one number for each element unless reduction= says otherwise.`,
        related: [
          { start: fact.node.start, end: fact.node.end, message: 'It is differentiated here.' },
        ],
        fixes:
          loss.kind === 'call'
            ? [
                fix('Take the mean', 'safe', () => [
                  {
                    start: loss.parens.end - 1,
                    end: loss.parens.end - 1,
                    text: /,\s*$/.test(module.text.slice(loss.parens.start, loss.parens.end - 1))
                      ? ' reduction="mean"'
                      : ', reduction="mean"',
                  },
                ]),
              ]
            : [],
      });
    },
  },
};

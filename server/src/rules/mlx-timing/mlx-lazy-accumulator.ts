import type { Module, Span } from '../../syntax/tree.ts';
import { appendCall } from '../edits.ts';
import { runsOften } from '../loopCount.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { bodiesAround } from '../statements.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-lazy-accumulator',
    code: 'MLX107',
    severity: 'warning',
    summary: 'A loop adds lazy losses to a sum or a list, and evaluates none of them',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    loop(fact, report, { module }) {
      if (!runsOften(fact.node) || isInLoss(module, fact.node)) return;
      for (const { name, node, form } of fact.growing) {
        report({
          at: node,
          message:
            form === 'sum'
              ? `Each round adds a lazy array to ${name}: the graphs of all rounds stay in memory until ${name} is read.`
              : `Each round puts a lazy array into ${name}, which keeps all that it is computed from in memory.`,
          fixes: [fix('Take its number', 'unsafe', () => appendCall(node, '.item()'))],
        });
      }
    },
  },
};

/** A loss is differentiated by whoever is given it, and nothing can be evaluated in it. */
const isInLoss = (module: Module, at: Span): boolean =>
  bodiesAround(module, at).some(({ body, index }) => {
    const statement = body[index];
    return statement?.kind === 'function' && /loss|objective/i.test(statement.name.text);
  });

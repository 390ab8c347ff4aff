import { textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-host-value-in-grad',
    code: 'MLX401',
    severity: 'warning',
    summary: 'A loss is made with a number that has left the graph, so its gradient misses a part',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    differentiated(fact, report, { module }) {
      for (const node of fact.fromHost) {
        report({
          at: node,
          message: `The gradient takes ${textOf(module, node)} for a constant: it is a number of Python or NumPy, and MLX gives no error.`,
          related: [
            { start: fact.node.start, end: fact.node.end, message: 'This is the gradient.' },
          ],
        });
      }
    },
  },
};

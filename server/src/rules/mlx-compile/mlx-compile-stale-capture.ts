import { listed } from '../listed.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-compile-stale-capture',
    code: 'MLX203',
    severity: 'warning',
    summary: 'A compiled function goes on with the arrays that it was traced with',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    transformedCall(fact, report) {
      if (fact.stale.length === 0 || fact.transformed.keywords.has('inputs')) return;
      const { origin } = fact.transformed;
      report({
        at: fact.node,
        message: `Still computes with the ${listed(fact.stale)} of the first call: for a compiled function what it reads from outside is a constant.`,
        related:
          origin === undefined
            ? []
            : [{ start: origin.start, end: origin.end, message: 'inputs= would name it here.' }],
      });
    },
  },
};

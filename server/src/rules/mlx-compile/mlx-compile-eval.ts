import { isCaught } from '../../semantics/facts.ts';
import { opaqueTransforms } from '../../tables/mlxTransforms.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-compile-eval',
    code: 'MLX201',
    severity: 'error',
    summary: 'A compiled or mapped function asks for the value of an array',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    evaluation(fact, report) {
      const { traced } = fact;
      if (traced === null || !opaqueTransforms.has(traced.transform)) return;
      if (isCaught(fact, 'ValueError')) return;
      const name = `mx.${traced.transform.slice('mlx.core.'.length)}`;
      report({
        at: fact.node,
        message: `Raises ValueError inside ${name}: an array has no value while its function is traced.`,
        related:
          traced.origin === undefined
            ? []
            : [
                {
                  start: traced.origin.start,
                  end: traced.origin.end,
                  message: 'This is what traces the function.',
                },
              ],
      });
    },
  },
};

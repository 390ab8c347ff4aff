import { textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-cache-growth',
    code: 'MLX604',
    severity: 'hint',
    summary: 'A loop evaluates arrays of growing size and keeps all freed memory',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    libraryCall(fact, report, { module }) {
      if (fact.name !== 'mlx.core.eval' && fact.name !== 'mlx.core.async_eval') return;
      const { loop } = fact;
      if (loop?.kind !== 'while' || !/\bcache\b|\byield\b/.test(textOf(module, loop))) return;
      if (/clear_cache|set_cache_limit/.test(module.text.slice(loop.start, loop.end))) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message:
          'MLX keeps freed buffers of every size that the loop needs: mx.clear_cache() now and then returns them.',
      });
    },
  },
};

import type { WhileStatement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { isEvaluation } from '../mlx-timing/evaluationCalls.ts';
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
  calls: isEvaluation,
  on: {
    libraryCall(fact, report, { module }) {
      const { loop } = fact;
      if (loop?.kind !== 'while' || !growsTokens(loop)) return;
      if (/clear_cache|set_cache_limit/.test(module.text.slice(loop.start, loop.end))) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message:
          'MLX keeps freed buffers of every size that the loop needs: mx.clear_cache() now and then returns them.',
      });
    },
  },
};

/** Does it yield, or use something called a cache, as loops that make one token after the other do? */
function growsTokens(loop: WhileStatement): boolean {
  let found = false;
  walk([loop], (node) => {
    found ||=
      node.kind === 'yield' ||
      (node.kind === 'name' && /cache/i.test(node.id)) ||
      (node.kind === 'attribute' && /cache/i.test(node.name.text));
  });
  return found;
}

import { isCaught } from '../../semantics/facts.ts';
import { isForCuda } from '../cudaTests.ts';
import { replace } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'flash-attention-2-on-mac',
    code: 'MPS702',
    severity: 'error',
    summary: 'Flash attention 2 is asked for, which needs CUDA',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /flash_attention_2/,
  on: {
    libraryCall(fact, report, { module }) {
      const asked = fact.keywords.get('attn_implementation');
      if (asked?.kind !== 'constant' || asked.value !== 'flash_attention_2') return;
      if (isCaught(fact, 'ImportError') || isForCuda(fact, module)) return;
      const at = asked.origin ?? fact.node;
      report({
        at,
        message: 'flash_attn has no build for macOS: this raises ImportError on Apple Silicon.',
        fixes:
          asked.origin?.kind === 'string'
            ? [fix('Use sdpa', 'unsafe', () => [replace(at, '"sdpa"')])]
            : [],
      });
    },
  },
};

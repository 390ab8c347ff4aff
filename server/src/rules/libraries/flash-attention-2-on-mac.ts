import type { LibraryCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import { isForCuda } from '../cudaTests.ts';
import { replace } from '../edits.ts';
import type { Fix } from '../finding.ts';
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
      const asked = askedFor(fact);
      if (asked === undefined || isCaught(fact, 'ImportError') || isForCuda(fact, module)) return;
      const at = asked.origin ?? fact.node;
      report({
        at,
        message: 'flash_attn has no build for macOS: this raises ImportError on Apple Silicon.',
        fixes: fixes(fact, asked),
      });
    },
  },
};

function fixes({ node }: LibraryCallFact, { origin }: Value): Fix[] {
  const old = node.args.find(({ name }) => name?.text === 'use_flash_attention_2');
  const isOld = old !== undefined && old.value === origin;
  if (origin?.kind !== 'string' && !isOld) return [];
  return [
    fix('Use sdpa', 'unsafe', () => [
      isOld ? replace(old, 'attn_implementation="sdpa"') : replace(origin as Expression, '"sdpa"'),
    ]),
  ];
}

/** The keyword, its private name in older versions of transformers, and what a pipeline hands on. */
function askedFor({ name, keywords }: LibraryCallFact): Value | undefined {
  const options = keywords.get('model_kwargs');
  const given = [keywords, ...(options?.kind === 'dict' ? [options.entries] : [])];
  for (const each of given) {
    // What other packages call so they read themselves.
    const isOwn = name.startsWith('transformers.');
    for (const keyword of ['attn_implementation', ...(isOwn ? ['_attn_implementation'] : [])]) {
      const value = each.get(keyword);
      if (value?.kind === 'constant' && value.value === 'flash_attention_2') return value;
    }
    const old = each.get('use_flash_attention_2');
    if (isOwn && old?.kind === 'constant' && old.value === true) return old;
  }
  return undefined;
}

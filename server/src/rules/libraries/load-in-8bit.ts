import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { isAtLeast, isBefore } from '../versions.ts';

export const rule: Rule = {
  meta: {
    name: 'load-in-8bit',
    code: 'MPS708',
    severity: 'info',
    summary: 'Weights are loaded with bitsandbytes',
    since: '0.1.0',
    fix: 'none',
  },
  words: /load_in_[48]bit/,
  calls: (name) => name.endsWith('.from_pretrained') || name === 'transformers.BitsAndBytesConfig',
  on: {
    libraryCall(fact, report, { module, environment }) {
      if (isForCuda(fact, module)) return;
      const installed = environment.versions.bitsandbytes;
      if (isAtLeast(installed, '0.49')) return;
      for (const name of ['load_in_8bit', 'load_in_4bit']) {
        const value = fact.keywords.get(name);
        const argument = fact.node.args.find((other) => other.name?.text === name);
        if (value?.kind !== 'constant' || value.value !== true || argument === undefined) continue;
        report({
          at: argument,
          message: 'bitsandbytes before 0.49 needs CUDA: loading raises on Apple Silicon.',
          severity: isBefore(installed, '0.49') ? 'warning' : 'info',
        });
      }
    },
  },
};

import { replace } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'memory-fraction-int',
    code: 'MPS506',
    severity: 'error',
    summary: 'The memory fraction of MPS is given as an integer',
    since: '0.1.0',
    fix: 'safe',
  },
  words: mps,
  calls: (name) => name === 'torch.mps.set_per_process_memory_fraction',
  on: {
    libraryCall(fact, report) {
      const fraction = fact.positional[0] ?? fact.keywords.get('fraction');
      const argument = fact.node.args[0]?.value;
      if (fraction?.kind !== 'constant' || typeof fraction.value !== 'number' || fraction.isFloat)
        return;
      if (argument?.kind !== 'number') return;
      report({
        at: argument,
        message: 'Must be a float: an integer raises TypeError.',
        fixes: [
          fix('Write it as a float', 'safe', () => [replace(argument, `${fraction.value}.0`)]),
        ],
      });
    },
  },
};

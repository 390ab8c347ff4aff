import { replace } from '../edits.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'foreach-optimizer-on-mps',
    code: 'MPS606',
    severity: 'info',
    summary: 'An optimizer is asked for foreach kernels, which MPS does not have',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  besides: [{ words: /^foreach$/, needed: macDevice }],
  calls: (name) => /^torch\.optim\.[A-Z]/.test(name),
  on: {
    libraryCall(fact, report, { facts, environment }) {
      const foreach = fact.keywords.get('foreach');
      if (!usesMps(facts)) return;
      if (foreach?.kind !== 'constant' || foreach.value !== true) return;
      const argument = fact.node.args.find(({ name }) => name?.text === 'foreach');
      if (argument === undefined) return;
      const fused =
        fusedOptimizers.has(fact.name.slice('torch.optim.'.length)) &&
        !isBefore(environment.versions.torch, '2.6');
      report({
        at: argument,
        message: `MPS has no foreach kernels: the step runs one operation at a time.${fused ? ' It has fused ones.' : ''}`,
        fixes: fused
          ? [fix('Use the fused kernel', 'unsafe', () => [replace(argument, 'fused=True')])]
          : [],
      });
    },
  },
};

/** Optimizers whose fused kernel MPS has (torch 2.13.0: _fused_adagrad_ has none). Read: 2.4.1 has none, 2.6.0 has them. */
const fusedOptimizers = new Set(['Adam', 'AdamW', 'SGD']);

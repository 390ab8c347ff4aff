import { mpsDeviceOf } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'sdpa-dropout-on-mps',
    code: 'MPS602',
    severity: 'warning',
    summary: 'Attention with dropout is computed on MPS',
    since: '0.1.0',
    fix: 'none',
  },
  on: {
    libraryCall(fact, report) {
      if (fact.name !== 'torch.nn.functional.scaled_dot_product_attention') return;
      const dropout = fact.keywords.get('dropout_p') ?? fact.positional[4];
      if (dropout?.kind !== 'constant' || typeof dropout.value !== 'number' || dropout.value <= 0)
        return;
      if (!fact.positional.some((value) => mpsDeviceOf(value) !== null)) return;
      report({
        at: fact.node.args.find(({ name }) => name?.text === 'dropout_p') ?? fact.node,
        message:
          'MPS has no dropout here: torch 2.13 and later raise, earlier ones leave it out silently.',
      });
    },
  },
};

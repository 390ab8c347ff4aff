import { mpsDeviceOf } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { isAtLeast, isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'sdpa-dropout-on-mps',
    code: 'MPS602',
    severity: 'warning',
    summary: 'Attention with dropout is computed on MPS',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  calls: (name) => name === 'torch.nn.functional.scaled_dot_product_attention',
  on: {
    libraryCall(fact, report, { environment }) {
      const dropout = fact.keywords.get('dropout_p') ?? fact.positional[4];
      if (dropout?.kind !== 'constant' || typeof dropout.value !== 'number' || dropout.value <= 0)
        return;
      if (!fact.positional.some((value) => mpsDeviceOf(value) !== null)) return;
      report({
        at: fact.node.args.find(({ name }) => name?.text === 'dropout_p') ?? fact.node,
        message: `MPS has no dropout here: ${whatHappens(environment.versions.torch)}.`,
      });
    },
  },
};

/** The error's text is in the libraries of torch 2.13.0 to 2.15.0, and not in 2.12.0 and before. */
function whatHappens(torch: string | undefined): string {
  if (isBefore(torch, '2.13')) return `torch ${torch} leaves it out silently`;
  if (isAtLeast(torch, '2.13') && isBefore(torch, '2.16'))
    return `torch ${torch} raises RuntimeError`;
  return 'torch 2.13 and later raise, earlier ones leave it out silently';
}

import type { LibraryCallFact } from '../../semantics/facts.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import { walk } from '../../syntax/visit.ts';
import { isForCuda } from '../cudaTests.ts';
import { factsOf } from '../factsOf.ts';
import type { Rule } from '../rule.ts';
import { cuda } from '../words.ts';

/** `self.device == torch.device("cuda")` keeps none. */
function isCompared({ node, statement }: LibraryCallFact): boolean {
  let found = false;
  walk([statement], (inner) => {
    if (inner.kind === 'compare') found ||= [inner.left, ...inner.operands].includes(node);
  });
  return found;
}

export const rule: Rule = {
  meta: {
    name: 'cuda-device-stored',
    code: 'MPS107',
    severity: 'info',
    summary: 'A CUDA device is made and kept, so that whatever is moved there raises',
    since: '0.1.0',
    fix: 'none',
  },
  words: cuda,
  calls: (name) => name === 'torch.device',
  on: {
    libraryCall(fact, report, { facts, module }) {
      if (isForCuda(fact, module)) return;
      const value = fact.positional[0] ?? fact.keywords.get('type');
      const device = value === undefined ? null : asDevice(value);
      if (device === null || !isCertainly(device, 'cuda')) return;
      const at = device.origin ?? fact.node;
      // Where it is used, cuda-hardcoded-device says more.
      const isUsed = factsOf(facts, 'deviceUse').some(
        ({ device: used }) =>
          used.origin !== undefined &&
          isCertainly(used, 'cuda') &&
          used.origin.start >= fact.node.start &&
          used.origin.end <= fact.node.end,
      );
      if (isUsed || isCompared(fact)) return;
      report({
        at,
        message: '"cuda" does not exist on Apple Silicon: whatever is moved to this device raises.',
      });
    },
  },
};

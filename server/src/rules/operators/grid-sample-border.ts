import { mpsDeviceOf } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { isAtLeast, isBefore } from '../versions.ts';
import { mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'grid-sample-border',
    code: 'MPS607',
    severity: 'warning',
    summary: 'grid_sample pads with the border, which older versions cannot on MPS',
    since: '0.1.0',
    fix: 'none',
  },
  words: mps,
  besides: [{ words: /border/, needed: /^grid_sample$/ }],
  calls: (name) => name === 'torch.nn.functional.grid_sample',
  on: {
    libraryCall(fact, report, { environment, facts }) {
      const padding = fact.keywords.get('padding_mode') ?? fact.positional[3];
      if (padding?.kind !== 'constant' || padding.value !== 'border') return;
      const installed = environment.versions.torch;
      if (isAtLeast(installed, '2.11')) return;
      const isOld = isBefore(installed, '2.11');
      const [input] = fact.positional;
      if (input?.kind !== 'unknown' && input?.kind !== 'tensor') return;
      const isOnMps = mpsDeviceOf(input) !== null;
      if (input.kind === 'tensor' && input.device !== null && !isOnMps) return;
      if (facts.askedInScope.get(fact.scope)?.has('mps') || fact.tests.length > 0) return;
      report({
        at: fact.node.args.find(({ name }) => name?.text === 'padding_mode') ?? fact.node,
        message: `Raises "MPS: Unsupported Border padding mode" on MPS ${isOld ? `in torch ${installed}: 2.11 has it` : 'before torch 2.11'}.`,
        severity: isOnMps && isOld ? 'warning' : 'info',
      });
    },
  },
};

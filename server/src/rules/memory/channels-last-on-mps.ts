import { asDevice, isCertainly } from '../../semantics/values.ts';
import type { Rule } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'channels-last-on-mps',
    code: 'MPS505',
    severity: 'info',
    summary: 'The channels-last layout is asked for on MPS',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  besides: [{ words: /channels_last/, needed: macDevice }],
  on: {
    methodCall(fact, report) {
      const format = fact.keywords.get('memory_format');
      if (format?.kind !== 'library' || format.name !== 'torch.channels_last') return;
      const target = fact.positional[0] ?? fact.keywords.get('device');
      const device = (target === undefined ? null : asDevice(target)) ?? fact.device;
      const argument = fact.node.args.find(({ name }) => name?.text === 'memory_format');
      if (!isCertainly(device, 'mps') || argument === undefined) return;
      report({
        at: argument,
        message:
          'Slower on MPS, not faster: convolutions have been up to 30 times slower in this layout.',
      });
    },
  },
};

import { isCertainly } from '../../semantics/values.ts';
import { severityOn } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'default-device-with-shuffle',
    code: 'MPS114',
    severity: 'error',
    summary: 'Data is shuffled while the default device is MPS',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  calls: (name) => name.startsWith('torch.utils.data.'),
  on: {
    libraryCall(fact, report, { facts }) {
      const device = fact.defaultDevice;
      if (device === null || !isCertainly(device, 'mps') || fact.keywords.has('generator')) return;
      const shuffle = fact.keywords.get('shuffle');
      const shuffles =
        (fact.name === 'torch.utils.data.DataLoader' &&
          shuffle?.kind === 'constant' &&
          shuffle.value === true) ||
        ['torch.utils.data.RandomSampler', 'torch.utils.data.random_split'].includes(fact.name);
      const last = fact.node.args.at(-1);
      const torch = facts.localNames.get('torch')?.name;
      if (!shuffles || last === undefined) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message:
          'Raises RuntimeError: the sampler draws with a CPU generator, but the default device is MPS.',
        severity: severityOn(device),
        fixes:
          torch === undefined
            ? []
            : [
                fix('Draw with a generator of the default device', 'unsafe', () => [
                  {
                    start: last.end,
                    end: last.end,
                    text: `, generator=${torch}.Generator(device=${torch}.get_default_device())`,
                  },
                ]),
              ],
      });
    },
  },
};

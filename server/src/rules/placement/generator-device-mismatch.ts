import type { Facts } from '../../semantics/facts.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import { replace, textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'generator-device-mismatch',
    code: 'MPS115',
    severity: 'error',
    summary: 'Random numbers for MPS are drawn with a generator of another device',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  on: {
    libraryCall(fact, report, { module, facts }) {
      const generator = fact.keywords.get('generator');
      const given = fact.keywords.get('device');
      const device = given === undefined ? null : asDevice(given);
      if (generator?.kind !== 'object' || generator.class !== 'torch.Generator') return;
      if (!fact.name.startsWith('torch.') || fact.name.includes('data')) return;
      const own = generator.positional[0] ?? generator.keywords.get('device');
      const isCpu = own === undefined || isCertainly(asDevice(own), 'cpu');
      if (!isCpu || device === null || !isCertainly(device, 'mps')) return;
      const argument = fact.node.args.find(({ name }) => name?.text === 'device')?.value;
      const torch = facts.localNames.get('torch')?.name;
      const made = generator.origin;
      report({
        at: fact.node.args.find(({ name }) => name?.text === 'generator') ?? fact.node,
        message: "Raises RuntimeError: the generator is the CPU's, the tensor is on MPS.",
        related:
          made === undefined
            ? []
            : [{ start: made.start, end: made.end, message: 'This makes a generator of the CPU.' }],
        fixes:
          made !== undefined &&
          torch !== undefined &&
          argument !== undefined &&
          (argument.kind === 'string' ||
            (argument.kind === 'name' && bound(facts, argument.id, made)))
            ? [
                fix('Make a generator of the same device', 'unsafe', () => [
                  replace(made, `${torch}.Generator(device=${textOf(module, argument)})`),
                ]),
              ]
            : [],
      });
    },
  },
};

const bound = (facts: Facts, name: string, before: { start: number }): boolean =>
  facts.deviceNames.some((known) => known.name === name && known.boundAt < before.start);

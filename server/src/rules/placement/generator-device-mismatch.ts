import type { Facts, LibraryCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Device, ObjectValue, Value } from '../../semantics/values.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import { isForCuda } from '../cudaTests.ts';
import { deviceSelector } from '../deviceSelector.ts';
import { replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { mpsDeviceOf } from '../mpsUse.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { anyOf, cuda, macDevice } from '../words.ts';
import { drawsTheSame } from './keptGenerator.ts';

export const rule: Rule = {
  meta: {
    name: 'generator-device-mismatch',
    code: 'MPS115',
    severity: 'error',
    summary: 'Random numbers for MPS are drawn with a generator of another device',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: anyOf(cuda, macDevice),
  calls: (name) => name.startsWith('torch.'),
  on: {
    methodCall(fact, report) {
      const generator = fact.keywords.get('generator');
      if (!drawingMethods.test(fact.name) || mpsDeviceOf(fact.object) === null) return;
      if (generator?.kind !== 'object' || generator.class !== 'torch.Generator') return;
      if (!isOfCpu(generator)) return;
      report({
        at: fact.node.args.find(({ name }) => name?.text === 'generator') ?? fact.node,
        message: "Raises RuntimeError: the generator is the CPU's, the tensor is on MPS.",
      });
    },
    libraryCall(fact, report, context) {
      const { module, facts } = context;
      if (fact.name === 'torch.Generator') {
        const own = fact.positional[0] ?? fact.keywords.get('device');
        const device = own === undefined ? null : asDevice(own);
        if (device === null || !isCertainly(device, 'cuda') || isForCuda(fact, module)) return;
        if (isCaught(fact, 'RuntimeError')) return;
        report({
          at: { start: fact.node.callee.start, end: fact.node.end },
          message: 'There is no generator of CUDA on Apple Silicon: this raises RuntimeError.',
          severity: fact.reached ? 'error' : 'warning',
          fixes: cudaFixes(fact, context),
        });
        return;
      }
      const generator = fact.keywords.get('generator');
      const given = fact.keywords.get('device');
      const device = given === undefined ? drawnOn(fact.name, fact.positional) : asDevice(given);
      if (generator?.kind !== 'object' || generator.class !== 'torch.Generator') return;
      if (fact.name.includes('data')) return;
      if (!isOfCpu(generator) || device === null || !isCertainly(device, 'mps')) return;
      const argument = fact.node.args.find(({ name }) => name?.text === 'device')?.value;
      const torch = facts.localNames.get('torch')?.name;
      const made = generator.origin;
      const isSafe =
        made !== undefined &&
        argument !== undefined &&
        drawsTheSame(fact, made, argument, device.choice !== undefined, module);
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
                fix('Make a generator of the same device', isSafe ? 'safe' : 'unsafe', () => [
                  replace(made, `${torch}.Generator(device=${textOf(module, argument)})`),
                ]),
              ]
            : [],
      });
    },
  },
};

/** Safe as for any device that is named in a call: the file chooses one, and it is CUDA's first where there is CUDA. */
function cudaFixes({ node }: LibraryCallFact, context: RuleContext): Fix[] {
  const given = (node.args.find(({ name }) => name?.text === 'device') ?? node.args[0])?.value;
  const selector = deviceSelector(context, node.start);
  if (given === undefined || selector === null) return [];
  const isFirst = given.kind === 'string' && given.value === 'cuda';
  const isSafe = selector.existing && selector.keepsCuda && isFirst;
  const title = selector.existing
    ? `Use ${selector.name}`
    : 'Choose the device at run time: cuda, mps or cpu';
  return [
    fix(title, isSafe ? 'safe' : 'unsafe', () => [
      ...selector.edits,
      replace(given, selector.name),
    ]),
  ];
}

/** Functions that draw into the tensor that they are given, or by what it holds. */
const drawing = /^torch\.(?:(?:multinomial|bernoulli|poisson)$|nn\.init\.)/;

const drawnOn = (name: string, [tensor]: readonly Value[]): Device | null =>
  drawing.test(name) ? mpsDeviceOf(tensor) : null;

const drawingMethods =
  /^(?:normal_|uniform_|random_|exponential_|bernoulli_?|cauchy_|log_normal_|geometric_|multinomial)$/;

function isOfCpu({ positional, keywords }: ObjectValue): boolean {
  const own = positional[0] ?? keywords.get('device');
  return own === undefined || isCertainly(asDevice(own), 'cpu');
}

const bound = (facts: Facts, name: string, before: { start: number }): boolean =>
  facts.deviceNames.some((known) => known.name === name && known.boundAt < before.start);

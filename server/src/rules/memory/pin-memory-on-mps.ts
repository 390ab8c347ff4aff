import type { MethodCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Expression, Module } from '../../syntax/tree.ts';
import { isForCuda } from '../cudaTests.ts';
import { replace } from '../edits.ts';
import { isForMacs } from '../mpsUse.ts';
import { ownersOf } from '../owners.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isAtLeast, isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'pin-memory-on-mps',
    code: 'MPS502',
    severity: 'info',
    summary: 'Pinned memory is asked for, which MPS does not have',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /pin_memory/,
  besides: [{ words: macDevice, needed: /pin_memory/ }],
  calls: (name) => /^torch(?:_geometric)?\./.test(name),
  on: {
    methodCall(fact, report, { facts, module, environment }) {
      if (fact.name !== 'pin_memory' || isForCuda(fact, module)) return;
      if (isCaught(fact, 'RuntimeError')) return;
      const { torch } = environment.versions;
      const mayRaise = fact.object.kind === 'tensor' && !isAtLeast(torch, '2.14');
      // An option that is asked first may be off on a Mac.
      const isMet =
        (isForMacs(facts) && fact.tests.length === 0 && !isCalledToPin(fact, module)) ||
        (isBefore(torch, '2.14') && fact.reached);
      report({
        at: { start: fact.callee.name.start, end: fact.node.end },
        severity: mayRaise && isMet ? 'warning' : 'info',
        message: `Pinned memory speeds copies to CUDA up: on Apple Silicon ${onMac(torch)}.`,
      });
    },
    libraryCall(fact, report, { facts, module, environment }) {
      const pinned = fact.keywords.get('pin_memory');
      if (pinned === undefined || isForCuda(fact, module)) return;
      const argument = fact.node.args.find(({ name }) => name?.text === 'pin_memory');
      if (pinned.kind === 'unknown' && argument !== undefined && isNotCpu(argument.value))
        report({
          at: argument,
          message: 'Pins for MPS too, which has no pinned memory: a Mac warns in every run.',
        });
      if (pinned.kind !== 'constant' || pinned.value !== true) return;
      const torch = facts.localNames.get('torch')?.name;
      // `DataLoader(data, **options)`: the option is where the dict was written.
      const at = argument ?? pinned.origin;
      if (at === undefined) return;
      // A name may be used for other calls, too.
      const isLiteral = argument?.value.kind === 'constant';
      report({
        at,
        message:
          fact.name.endsWith('.DataLoader') && !isBefore(environment.versions.torch, '2.7')
            ? 'Warns in every run on Apple Silicon: MPS has no pinned memory.'
            : 'Pinned memory speeds copies to CUDA up: on Apple Silicon it brings nothing.',
        fixes:
          isLiteral && torch !== undefined
            ? [
                fix('Pin only for CUDA', 'safe', () => [
                  replace(argument.value, `${torch}.cuda.is_available()`),
                ]),
              ]
            : [],
      });
    },
  },
};

/** A loader calls `pin_memory` of what it makes, and only where it pins: not on a Mac. */
const isCalledToPin = ({ node }: MethodCallFact, module: Module): boolean =>
  ownersOf(module.body, node.start).some(({ name }) => /pin_?memory/i.test(name.text));

/** `device.type != "cpu"`, `config.device != "cpu"` */
function isNotCpu(value: Expression): boolean {
  if (value.kind !== 'compare' || value.operators[0] !== '!=') return false;
  const { left, operands } = value;
  const [right] = operands;
  const device = left.kind === 'attribute' && left.name.text === 'type' ? left.object : left;
  const name =
    device.kind === 'name' ? device.id : device.kind === 'attribute' ? device.name.text : '';
  return right?.kind === 'string' && right.value === 'cpu' && /device/i.test(name);
}

/** torch 2.14.1 is the first version read that has an allocator of pinned memory for MPS. */
function onMac(torch: string | undefined): string {
  if (isBefore(torch, '2.14')) return `torch ${torch} raises here`;
  return isAtLeast(torch, '2.14') ? 'it brings nothing' : 'torch before 2.14 raises here';
}

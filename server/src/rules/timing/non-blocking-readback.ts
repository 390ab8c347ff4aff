import type { Fact } from '../../semantics/facts.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import { torchSynchronizers } from '../../tables/torchFunctions.ts';
import { mpsDeviceOf } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { withoutArgument } from '../withoutArgument.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'non-blocking-readback',
    code: 'MPS403',
    severity: 'error',
    summary: 'A tensor is copied from MPS without waiting, and read',
    since: '0.1.0',
    fix: 'safe',
  },
  words: macDevice,
  besides: [{ words: /non_blocking/, needed: macDevice }],
  on: {
    methodCall(fact, report, { facts }) {
      const asynchronous = fact.keywords.get('non_blocking');
      if (asynchronous?.kind !== 'constant' || asynchronous.value !== true) return;
      const from = fact.name === 'copy_' ? mpsDeviceOf(fact.positional[0]) : fact.device;
      if (fact.object.kind !== 'tensor' || !isCertainly(from, 'mps')) return;
      const target = fact.positional[0] ?? fact.keywords.get('device');
      const toCpu =
        fact.name === 'cpu' ||
        (fact.name === 'copy_' && isCertainly(fact.device, 'cpu')) ||
        (fact.name === 'to' && target !== undefined && isCertainly(asDevice(target), 'cpu'));
      if (!toCpu || waitsAfterwards(facts.facts.slice(facts.facts.indexOf(fact)), fact.scope))
        return;
      const argument = fact.node.args.find(({ name }) => name?.text === 'non_blocking');
      if (argument === undefined) return;
      report({
        at: argument,
        message: 'Returns before the copy is done: what is read on the CPU may be garbage.',
        fixes: [fix('Wait for the copy', 'safe', () => [withoutArgument(fact.node, argument)])],
      });
    },
  },
};

const waitsAfterwards = (later: readonly Fact[], scope: number): boolean =>
  later.some(
    (fact) =>
      fact.kind === 'libraryCall' && fact.scope === scope && torchSynchronizers.has(fact.name),
  );

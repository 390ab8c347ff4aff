import { isCertainly } from '../../semantics/values.ts';
import type { Statement } from '../../syntax/tree.ts';
import { childrenOf } from '../../syntax/visit.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { anyOf, macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'sync-in-hot-loop',
    code: 'MPS402',
    severity: 'info',
    summary: 'A training loop waits for the GPU in every step',
    since: '0.1.0',
    fix: 'none',
  },
  words: anyOf(macDevice, /^backward$/),
  besides: macDevice,
  on: {
    methodCall(fact, report, { facts }) {
      if (fact.object.kind !== 'tensor' || !['item', 'tolist', 'numpy'].includes(fact.name)) return;
      if (fact.loop === null || isCertainly(fact.device, 'cpu') || !usesMps(facts)) return;
      if (fact.tests.some((test) => test.start >= (fact.loop?.start ?? 0))) return;
      if (!trains(fact.loop.body)) return;
      report({
        at: { start: fact.callee.name.start, end: fact.node.end },
        message: 'Waits for the GPU in every step: add up on the device and read after the loop.',
      });
    },
  },
};

/** Does the loop call `backward`? */
const trains = (body: readonly Statement[]): boolean => {
  const pending: object[] = [...body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { kind, name } = node as { kind?: string; name?: { text?: string } };
    if (kind === 'attribute' && name?.text === 'backward') return true;
    pending.push(...childrenOf(node as Statement));
  }
  return false;
};

import { asDevice, isCertainly } from '../../semantics/values.ts';
import { dotOf } from '../edits.ts';
import { mpsDeviceOf } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cpu-roundtrip',
    code: 'MPS507',
    severity: 'warning',
    summary: 'A tensor on MPS is copied to the CPU and back',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  on: {
    methodCall(fact, report, { facts, module }) {
      const target = fact.positional[0] ?? fact.keywords.get('device');
      const inner = fact.callee.object;
      if (fact.name !== 'to' || target === undefined || inner.kind !== 'call') return;
      if (!isCertainly(asDevice(target), 'mps') || inner.callee.kind !== 'attribute') return;
      if (inner.callee.name.text !== 'cpu') return;
      const source = facts.facts.find(
        (other) => other.kind === 'methodCall' && other.node === inner,
      );
      if (source?.kind !== 'methodCall' || mpsDeviceOf(source.object) === null) return;
      const dot = dotOf(module, inner.callee);
      report({
        at: { start: inner.callee.name.start, end: fact.node.end },
        message: 'Copies to the CPU and back: it is on MPS already.',
        fixes: [
          fix('Leave it where it is', 'unsafe', () => [{ start: dot, end: inner.end, text: '' }]),
        ],
      });
    },
  },
};

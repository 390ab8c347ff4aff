import { isCertainly } from '../../semantics/values.ts';
import type { Rule } from '../rule.ts';
import { isAtLeast } from '../versions.ts';
import { anyOf, macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'threads-on-mps',
    code: 'MPS707',
    severity: 'info',
    summary: 'MPS is used from a second thread',
    since: '0.1.0',
    fix: 'none',
  },
  words: anyOf(macDevice, /^Thread$/),
  besides: macDevice,
  on: {
    libraryCall(fact, report, { facts, module, environment }) {
      // Later versions have not been read.
      if (isAtLeast(environment.versions.torch, '2.16')) return;
      const target = fact.name === 'threading.Thread' ? fact.keywords.get('target') : undefined;
      if (target?.kind !== 'function' || target.source.module !== module) return;
      const scope = target.node.start + 1;
      const works = facts.facts.some(
        (other) =>
          other.scope === scope &&
          ((other.kind === 'moduleCall' && isCertainly(other.device, 'mps')) ||
            ((other.kind === 'transfer' || other.kind === 'deviceUse') &&
              isCertainly(other.device, 'mps'))),
      );
      if (!works) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: 'Two threads that use MPS at once can crash the process (torch 2.15 and before).',
      });
    },
  },
};

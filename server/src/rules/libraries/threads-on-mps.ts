import type { Value } from '../../semantics/values.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { CallExpression, Span } from '../../syntax/tree.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { isAtLeast } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'threads-on-mps',
    code: 'MPS707',
    severity: 'info',
    summary: 'MPS is used from a second thread',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  besides: [{ words: /^Thread$/, needed: macDevice }],
  calls: (name) => name === 'threading.Thread',
  on: {
    libraryCall(fact, report, context) {
      if (worksOnMps(fact.keywords.get('target'), context))
        report({ at: callOf(fact.node), message });
    },
    // `executor.submit(work, x)`
    methodCall(fact, report, context) {
      if (fact.object.kind !== 'object' || !executors.has(fact.object.class)) return;
      if (fact.name !== 'submit' && fact.name !== 'map') return;
      if (worksOnMps(fact.positional[0], context)) report({ at: callOf(fact.node), message });
    },
  },
};

const message = 'Two threads that use MPS at once can crash the process (torch 2.15 and before).';

const callOf = ({ callee, end }: CallExpression): Span => ({ start: callee.start, end });

const executors: ReadonlySet<string> = new Set([
  'concurrent.futures.ThreadPoolExecutor',
  'concurrent.futures.thread.ThreadPoolExecutor',
]);

/** Is it a function of this file that works on MPS? */
function worksOnMps(
  target: Value | undefined,
  { facts, module, environment }: RuleContext,
): boolean {
  // Later versions have not been read.
  if (isAtLeast(environment.versions.torch, '2.16')) return false;
  if (target?.kind !== 'function' || target.source.module !== module) return false;
  const scope = target.node.start + 1;
  return facts.facts.some(
    (other) =>
      other.scope === scope &&
      ((other.kind === 'moduleCall' && isCertainly(other.device, 'mps')) ||
        ((other.kind === 'transfer' || other.kind === 'deviceUse') &&
          isCertainly(other.device, 'mps'))),
  );
}

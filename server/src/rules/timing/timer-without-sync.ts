import type { FactOf } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import { mpsDeviceOf, usesMps } from '../mpsUse.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'timer-without-sync',
    code: 'MPS405',
    severity: 'warning',
    summary: 'A timer that does not wait for MPS times work on it',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  besides: [{ words: /timeit|^Timer$/, needed: macDevice }],
  calls: (name) => name === 'torch.utils.benchmark.Timer' || timers.has(name),
  on: {
    libraryCall(fact, report, context) {
      const at = { start: fact.node.callee.start, end: fact.node.end };
      const { torch } = context.environment.versions;
      if (fact.name === 'torch.utils.benchmark.Timer' && usesMps(context.facts)) {
        if (isBefore(torch, '2.8'))
          report({
            at,
            message: `The Timer of torch ${torch} does not wait for MPS: it reads about 10x too fast (2.8 does).`,
          });
      } else if (fact.name.startsWith('timeit.') && enqueues(fact, context)) {
        report({
          at,
          message:
            'timeit does not wait for the GPU: torch only enqueues work, so this reads about 10x too fast.',
        });
      }
    },
  },
};

const timers: ReadonlySet<string> = new Set(['timeit.timeit', 'timeit.repeat', 'timeit.Timer']);

/** Does the function that is timed work on MPS, and never read what it computes? */
function enqueues(fact: FactOf<'libraryCall'>, { facts, module }: RuleContext): boolean {
  const timed = fact.positional[0] ?? fact.keywords.get('stmt');
  if (timed?.kind !== 'function' || timed.source.module !== module) return false;
  const { start, end } = timed.node;
  if (/synchronize|\.(?:item|cpu|tolist|numpy)\(|print\(/.test(module.text.slice(start, end)))
    return false;
  return facts.facts.some(
    (other) =>
      other.node.start >= start &&
      other.node.end <= end &&
      (((other.kind === 'moduleCall' || other.kind === 'methodCall') &&
        isCertainly(other.device, 'mps')) ||
        (other.kind === 'libraryCall' &&
          other.positional.some((value) => mpsDeviceOf(value) !== null))),
  );
}

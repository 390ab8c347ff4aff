import { isSurelyBound } from '../boundNames.ts';
import { replace } from '../edits.ts';
import { listed } from '../listed.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { mlxCore } from './mlxCore.ts';
import { resultNames, timesNothing, waitsIn } from './recordedWindow.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-sync-without-eval',
    code: 'MLX104',
    severity: 'warning',
    summary: 'A timed part ends with mx.synchronize(), which computes nothing',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: /mlx/i,
  on: {
    timedWindow(fact, report, context) {
      const wait = waitsIn(fact);
      if (wait === null || !timesNothing(fact)) return;
      const recorded = fact.paths[0]?.filter((event) => event.kind === 'record') ?? [];
      const names = resultNames(fact, recorded);
      const mx = mlxCore(context);
      // What one branch or an empty loop leaves unbound cannot be evaluated.
      const isSafe = names.every((name) => isSurelyBound(context.module, name, wait));
      report({
        at: wait,
        message: `Waits for nothing: mx.synchronize() does not evaluate, and ${
          listed(names) || 'what was recorded'
        } ${names.length > 1 ? 'are' : 'is'} still lazy when the clock stops.`,
        related: [
          { start: fact.node.start, end: fact.node.end, message: 'This is the time of nothing.' },
        ],
        fixes:
          mx === null || names.length === 0
            ? []
            : [
                fix(`Evaluate ${listed(names)} instead`, isSafe ? 'safe' : 'unsafe', () => [
                  replace(wait, `${mx}.eval(${names.join(', ')})`),
                ]),
              ],
      });
    },
  },
};

import { mpsVariables, nearestVariable } from '../../tables/mpsVariables.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { mps } from '../words.ts';
import { isReadElsewhere } from './readElsewhere.ts';

export const rule: Rule = {
  meta: {
    name: 'unknown-mps-env',
    code: 'MPS303',
    severity: 'warning',
    summary: 'An environment variable for MPS is set that torch does not read',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: mps,
  on: {
    environmentWrite(fact, report, context) {
      const { module, environment } = context;
      // `ENABLE_MPS_FALLBACK` is one of torch's without its first word; other programs have names of their own.
      const isShort = mpsVariables.has(`PYTORCH_${fact.name.replace(/^TORCH_/, '')}`);
      if (!/^pytorch_.*mps/i.test(fact.name) && !isShort) return;
      const known = mpsVariables.get(fact.name);
      if (known !== undefined) {
        const { torch } = environment.versions;
        const since = known.since?.replace('torch ', '');
        if (since === undefined || !isBefore(torch, since)) return;
        report({
          at: fact.node,
          message: `torch ${torch} does not read ${fact.name}: this has no effect. ${since} does.`,
          severity: 'info',
        });
        return;
      }
      const nearest = nearestVariable(fact.name);
      const text = module.text.slice(fact.node.start, fact.node.end);
      const at = text.indexOf(fact.name);
      report({
        at: fact.node,
        message:
          `torch does not read ${fact.name}: this has no effect.` +
          (nearest === null ? '' : ` ${nearest} exists.`),
        fixes:
          nearest === null || at < 0
            ? []
            : [
                fix(`Use ${nearest}`, isReadElsewhere(fact, context) ? 'unsafe' : 'safe', () => [
                  {
                    start: fact.node.start + at,
                    end: fact.node.start + at + fact.name.length,
                    text: nearest,
                  },
                ]),
              ],
      });
    },
  },
};

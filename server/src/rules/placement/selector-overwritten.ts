import { replace, textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { backends, besideCuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'selector-overwritten',
    code: 'MPS121',
    severity: 'warning',
    summary: 'The else of a test for MPS overwrites the device that was chosen for CUDA',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: backends,
  besides: besideCuda,
  on: {
    clobber(fact, report, { module }) {
      const { first, node, name } = fact;
      const between = module.text.slice(first.end, node.start);
      const isNext = first.orElse.length === 0 && /^\s*$/.test(between) && !node.elif;
      report({
        at: node.test,
        message: `With CUDA and no MPS the else runs and overwrites ${name}: NVIDIA machines compute on the CPU.`,
        related: [
          {
            start: fact.overwrite.start,
            end: fact.overwrite.end,
            message: `${name} is overwritten here.`,
          },
        ],
        fixes:
          isNext && textOf(module, { start: node.start, end: node.start + 2 }) === 'if'
            ? [
                fix('Make it an elif', 'unsafe', () => [
                  replace({ start: node.start, end: node.start + 2 }, 'elif'),
                ]),
              ]
            : [],
      });
    },
  },
};

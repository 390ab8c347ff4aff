import type { Rule } from '../rule.ts';
import { mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'watermark-zero',
    code: 'MPS305',
    severity: 'info',
    summary: 'The limit of MPS memory is switched off',
    since: '0.1.0',
    fix: 'none',
  },
  words: mps,
  on: {
    environmentWrite(fact, report) {
      if (fact.name !== 'PYTORCH_MPS_HIGH_WATERMARK_RATIO' || fact.value === null) return;
      if (fact.value.trim() === '' || Number(fact.value) !== 0) return;
      report({
        at: fact.statement,
        message:
          'Switches the memory limit off: a program that takes too much can bring the Mac down.',
      });
    },
  },
};

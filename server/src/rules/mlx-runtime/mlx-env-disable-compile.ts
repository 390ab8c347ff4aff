import { deleteLines, ownsItsLines } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-env-disable-compile',
    code: 'MLX608',
    severity: 'warning',
    summary: 'MLX_DISABLE_COMPILE is set to a value that reads as off, and disables mx.compile',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    environmentWrite(fact, report, { module }) {
      if (fact.name !== 'MLX_DISABLE_COMPILE' || fact.value === null) return;
      if (!readsAsOff.test(fact.value.trim())) return;
      const { statement } = fact;
      const isAlone = fact.form !== 'call' && ownsItsLines(module, statement);
      report({
        at: fact.node,
        message: `MLX asks only whether MLX_DISABLE_COMPILE is set: "${fact.value}" disables mx.compile, too.`,
        fixes: isAlone
          ? [fix('Delete the line', 'unsafe', () => [deleteLines(module, statement)])]
          : [],
      });
    },
  },
};

const readsAsOff = /^(?:0|false|no|off|)$/i;

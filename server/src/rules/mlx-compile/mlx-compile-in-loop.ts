import type { CallExpression, Module } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import type { Rule } from '../rule.ts';
import { statementAt } from '../statements.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-compile-in-loop',
    code: 'MLX204',
    severity: 'warning',
    summary: 'A loop compiles the same function again in each round',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    libraryCall(fact, report, { module }) {
      if (fact.name !== 'mlx.core.compile') return;
      const [function_] = fact.positional;
      if (function_?.kind !== 'function') return;
      const { loop, node, tests } = fact;
      const isInside =
        loop !== null && loop.start <= function_.node.start && function_.node.end <= loop.end;
      const again = loop !== null || (fact.repeated && isCalledAtOnce(module, node));
      // `if step is None: step = mx.compile(f)` and `steps[n] = mx.compile(f)` keep what they make.
      if (!again || isInside || tests.length > 0 || isStored(module, node)) return;
      report({
        at: node,
        message:
          'Compiles the same function anew in each round: a compiled function that is thrown away takes its traces with it.',
      });
    },
  },
};

/** `mx.compile(f)(x)` */
function isCalledAtOnce(module: Module, node: CallExpression): boolean {
  const statement = statementAt(module, node);
  let found = false;
  if (statement !== null)
    walk([statement], (each) => {
      found ||= each.kind === 'call' && each.callee === node;
    });
  return found;
}

function isStored(module: Module, node: CallExpression): boolean {
  const statement = statementAt(module, node);
  return statement?.kind === 'assign' && statement.targets.some((target) => target.kind !== 'name');
}

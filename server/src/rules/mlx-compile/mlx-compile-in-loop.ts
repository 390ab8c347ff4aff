import type { CallExpression, ForStatement, Module } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { assignmentsTo } from '../assignments.ts';
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
  calls: (name) => name === 'mlx.core.compile',
  on: {
    libraryCall(fact, report, { module }) {
      const [function_] = fact.positional;
      if (function_?.kind !== 'function') return;
      const { loop, node, tests } = fact;
      const isInside =
        loop !== null && loop.start <= function_.node.start && function_.node.end <= loop.end;
      const isCalled = isCalledAtOnce(module, node);
      // `if step is None: step = mx.compile(f)` and `steps[n] = mx.compile(f)` keep what they make.
      const again = loop === null ? fact.repeated && isCalled : isCalled || isNamed(module, node);
      if (!again || isInside || tests.length > 0) return;
      if (loop?.kind === 'for' && namesIn(node.args).some((name) => assigns(loop, name))) return;
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

/** `fast = mx.compile(f)` */
function isNamed(module: Module, node: CallExpression): boolean {
  const statement = statementAt(module, node);
  return (
    statement?.kind === 'assign' &&
    statement.value === node &&
    statement.targets.every(({ kind }) => kind === 'name')
  );
}

function namesIn(args: CallExpression['args']): string[] {
  const names: string[] = [];
  for (const { value } of args)
    walk([value], (each) => {
      if (each.kind === 'name') names.push(each.id);
    });
  return names;
}

/** Is what is compiled, or how, another thing in each round? */
const assigns = (loop: ForStatement, name: string): boolean =>
  assignmentsTo([loop], name).length > 0;

import type { ForStatement, Module, WhileStatement } from '../../syntax/tree.ts';
import { assignmentsTo } from '../assignments.ts';
import { replace, textOf } from '../edits.ts';
import { counterOf, loopCount } from '../loopCount.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { bodiesAround } from '../statements.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-compile-scalar-arg',
    code: 'MLX205',
    severity: 'info',
    summary: 'A compiled function is traced again for each number that it is given',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    transformedCall(fact, report, context) {
      const { loop, transformed } = fact;
      if (transformed.transform !== 'mlx.core.compile' || loop === null) return;
      const names = fact.node.args.flatMap(({ value }) => (value.kind === 'name' ? [value] : []));
      const argument = names.find(
        ({ id }) =>
          (loop.kind === 'for' && counterOf(loop) === id) || isCountedUp(context.module, loop, id),
      );
      if (argument === undefined) return;
      const counter = argument.id;
      const count = loopCount(loop);
      if (count !== null && count < 2) return;
      const mx = mlxCore(context);
      report({
        at: argument,
        message: `Traced ${count === null ? 'anew' : `${count} times, once`} for each value of ${counter}: a number is part of what is compiled.`,
        fixes:
          mx === null
            ? []
            : [
                fix('Pass it as an array', 'unsafe', () => [
                  replace(argument, `${mx}.array(${textOf(context.module, argument)})`),
                ]),
              ],
      });
    },
  },
};

/** `step = 0`, and in the loop nothing but `step += 1`. */
function isCountedUp(module: Module, loop: ForStatement | WhileStatement, name: string): boolean {
  const functions = bodiesAround(module, loop).flatMap(({ body, index }) => {
    const statement = body[index];
    return statement?.kind === 'function' ? [statement.body] : [];
  });
  const inside = assignmentsTo(loop.body, name);
  const outside = assignmentsTo(functions.at(-1) ?? module.body, name).filter(
    (node) => !inside.includes(node),
  );
  return (
    inside.length > 0 &&
    inside.every((node) => node.kind === 'augmentedAssign' && node.value.kind === 'number') &&
    outside.length > 0 &&
    outside.every((node) => node.kind === 'assign' && node.value.kind === 'number')
  );
}

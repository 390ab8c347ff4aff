import type { Expression, ForStatement } from '../../syntax/tree.ts';
import { replace, textOf } from '../edits.ts';
import { loopCount } from '../loopCount.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

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
      if (transformed.transform !== 'mlx.core.compile' || loop?.kind !== 'for') return;
      const counter = counterOf(loop);
      const argument = fact.node.args.find(
        ({ value }) => value.kind === 'name' && value.id === counter,
      )?.value;
      if (argument === undefined) return;
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

/** The number that counts the rounds: `for i in range(n)`, `for i, x in enumerate(xs)`. */
function counterOf({ target, iterable }: ForStatement): string | null {
  const called =
    iterable.kind === 'call' && iterable.callee.kind === 'name' ? iterable.callee.id : '';
  if (called === 'range') return nameOf(target);
  return called === 'enumerate' && target.kind === 'tuple' ? nameOf(target.elements[0]) : null;
}

const nameOf = (target: Expression | undefined): string | null =>
  target?.kind === 'name' ? target.id : null;

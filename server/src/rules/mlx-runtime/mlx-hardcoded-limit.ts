import type { Expression } from '../../syntax/tree.ts';
import { replace, textOf } from '../edits.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-hardcoded-limit',
    code: 'MLX607',
    severity: 'info',
    summary: 'A memory limit of MLX is a fixed number that not every Mac has',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  calls: (name) => setters.test(name),
  on: {
    libraryCall(fact, report, context) {
      const value = fact.positional[0] ?? fact.keywords.get('limit');
      const argument = fact.node.args[0];
      if (value?.kind !== 'constant' || typeof value.value !== 'number' || argument === undefined)
        return;
      if (value.value < smallest || fact.tests.some((test) => asksMachine(test, context))) return;
      const mx = mlxCore(context);
      const text = textOf(context.module, argument.value);
      report({
        at: argument.value,
        message: `${Math.round(value.value / 2 ** 30)} GiB are more than some Macs have: what a limit does not hold back ends the process when Metal runs out of memory.`,
        fixes:
          mx === null
            ? []
            : [
                fix('Take no more than the machine recommends', 'unsafe', () => [
                  replace(
                    argument.value,
                    `min(${text}, ${mx}.device_info()["max_recommended_working_set_size"])`,
                  ),
                ]),
              ],
      });
    },
  },
};

const setters = /^mlx\.core\.(?:metal\.)?set_(?:cache|memory|wired)_limit$/;

/** Bytes: the smallest Mac with Apple Silicon has 8 GiB. */
const smallest = 8 * 2 ** 30;

/** `if info["memory_size"] > 64 * 2**30:` */
const asksMachine = (test: Expression, { module }: RuleContext): boolean =>
  /memory|device_info|working_set/.test(textOf(module, test));

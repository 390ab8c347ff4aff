import { isCaught } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import { appendCall } from '../edits.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-numpy-bf16',
    code: 'MLX304',
    severity: 'error',
    summary: 'NumPy is given a bfloat16 array of MLX',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  calls: (name) => readers.has(name),
  on: {
    libraryCall(fact, report, context) {
      const [array] = fact.positional;
      const argument = fact.node.args[0];
      if (array === undefined) return;
      const isList = array.kind === 'sequence';
      if (!(isList ? array.elements : [array]).some(isBfloat16)) return;
      if (argument?.form !== 'positional' || isCaught(fact, 'ValueError')) return;
      const mx = mlxCore(context);
      report({
        at: argument.value,
        message: 'NumPy has no bfloat16: it cannot read this array and raises.',
        fixes:
          mx === null || isList
            ? []
            : [
                fix('Cast to float32 for NumPy', 'safe', () =>
                  appendCall(argument.value, `.astype(${mx}.float32)`),
                ),
              ],
      });
    },
  },
};

const readers: ReadonlySet<string> = new Set(
  'array asarray ascontiguousarray asanyarray copy stack concatenate vstack hstack column_stack'
    .split(' ')
    .map((name) => `numpy.${name}`),
);

const isBfloat16 = (value: Value): boolean =>
  value.kind === 'mlxArray' && value.dtype === 'bfloat16';

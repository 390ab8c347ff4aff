import type { FactOf } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Expression } from '../../syntax/tree.ts';
import { replace } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { addStream } from './addStream.ts';
import { runsOnGpu } from './gpuStream.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-float64-gpu',
    code: 'MLX302',
    severity: 'warning',
    summary: 'MLX computes with float64 on the GPU',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: /mlx/i,
  on: {
    arrayOperation(fact, report, context) {
      if (!runsOnGpu(fact.device, fact, context.facts) || isCaught(fact, 'ValueError')) return;
      const isDouble =
        fact.result?.dtype === 'float64' ||
        fact.inputs.some((input) => input.kind === 'mlxArray' && input.dtype === 'float64');
      if (!isDouble) return;
      report({
        at: fact.node,
        message:
          'The GPU has no float64: on a Mac this raises ValueError unless a CPU stream runs it.',
        fixes: fixes(fact, context),
      });
    },
  },
};

function fixes(fact: FactOf<'arrayOperation'>, context: RuleContext): Fix[] {
  const mx = mlxCore(context);
  const { node } = fact;
  if (mx === null || node.kind !== 'call') return [];
  const dtype = node.args.map(({ value }) => value).find(namesDouble);
  return [
    addStream(node, mx),
    ...(dtype === undefined
      ? []
      : [fix('Use float32', 'unsafe', () => [replace(dtype, `${mx}.float32`)])]),
  ];
}

const namesDouble = (value: Expression): boolean =>
  value.kind === 'attribute' && value.name.text === 'float64';

import type { LibraryCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { cpuOnlyLinalg } from '../../tables/mlxLimits.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule } from '../rule.ts';
import { addStream } from './addStream.ts';
import { runsOnGpu } from './gpuStream.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-linalg-needs-cpu',
    code: 'MLX303',
    severity: 'error',
    summary: 'A function of mx.linalg that has no GPU version is not given a CPU stream',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  calls: (name) => name.startsWith('mlx.core.linalg.'),
  on: {
    libraryCall(fact, report, context) {
      const nuclear = isNuclear(fact);
      if ((!cpuOnlyLinalg.has(fact.name) && !nuclear) || isCaught(fact, 'ValueError')) return;
      if (!runsOnGpu(fact.mlxDevice, fact, context.facts)) return;
      const name = nuclear ? 'nuclear norm' : fact.name.replace('mlx.core.linalg.', '');
      const mx = mlxCore(context);
      report({
        at: fact.node,
        message: `MLX has no ${name} for the GPU: this raises ValueError without stream=${mx ?? 'mx'}.cpu.`,
        fixes: mx === null ? [] : [addStream(fact.node, mx)],
      });
    },
  },
};

/** `mx.linalg.norm(x, ord="nuc")` sums singular values (mlx/linalg.cpp). */
function isNuclear({ name, positional, keywords }: LibraryCallFact): boolean {
  const ord = positional[1] ?? keywords.get('ord');
  return name === 'mlx.core.linalg.norm' && ord?.kind === 'constant' && ord.value === 'nuc';
}

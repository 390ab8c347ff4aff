import type { CudaArmFact } from '../semantics/facts.ts';
import type { Module, Statement } from '../syntax/tree.ts';
import { bodiesAround } from './statements.ts';

/** What only CUDA machines do: an arm, or all that follows `if not torch.cuda.is_available(): return`. */
export function cudaBody({ node, body }: CudaArmFact, module: Module): readonly Statement[] {
  const isLeft = node.orElse.length === 0 && node.body.at(-1)?.kind === 'return';
  if (body.length > 0 || !isLeft) return body;
  const around = bodiesAround(module, node).at(-1);
  return around === undefined ? [] : around.body.slice(around.index + 1);
}

import type { Fact } from '../semantics/facts.ts';
import type { Expression } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';

/** Words of options that a Mac leaves off: `args.cuda`, `use_gpu`, `distributed`, `local_rank`. */
const words = /cuda|gpu|nvidia|distributed|ddp|nccl|(?:local|world)_?(?:rank|size)|hip|rocm/i;

/** Does the fact lie behind an option that only machines with CUDA set? What is said there is unknown. */
export const isBehindCudaOption = ({ tests }: Fact): boolean => tests.some(mentionsCuda);

function mentionsCuda(test: Expression): boolean {
  const pending: Expression[] = [test];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const text =
      node.kind === 'name'
        ? node.id
        : node.kind === 'attribute'
          ? node.name.text
          : node.kind === 'string'
            ? node.value
            : '';
    if (words.test(text)) return true;
    pending.push(...(childrenOf(node) as Expression[]));
  }
  return false;
}

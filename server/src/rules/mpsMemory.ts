import type { Fact, Facts } from '../semantics/facts.ts';

/** Does the same function call something of torch.mps or torch.accelerator, or of MLX? */
export const looksAfterMpsMemory = (fact: Fact, facts: Facts): boolean =>
  facts.facts.some(
    (other) =>
      other.kind === 'libraryCall' &&
      other.scope === fact.scope &&
      /^(?:torch\.(?:mps|accelerator)|mlx\.core)\./.test(other.name),
  );

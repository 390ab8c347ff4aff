import type { Fact, Facts } from '../semantics/facts.ts';
import { factsOf } from './factsOf.ts';

/** Does the same function call something of torch.mps or torch.accelerator, or of MLX? */
export const looksAfterMpsMemory = (fact: Fact, facts: Facts): boolean =>
  factsOf(facts, 'libraryCall').some(
    (other) =>
      other.scope === fact.scope && /^(?:torch\.(?:mps|accelerator)|mlx\.core)\./.test(other.name),
  );

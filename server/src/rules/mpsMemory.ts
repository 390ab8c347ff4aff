import type { Fact, Facts } from '../semantics/facts.ts';
import { factsOf } from './factsOf.ts';

const known = new WeakMap<Facts, ReadonlySet<number>>();

/** Does the same function call something of torch.mps or torch.accelerator, or of MLX? */
export function looksAfterMpsMemory({ scope }: Fact, facts: Facts): boolean {
  let scopes = known.get(facts);
  if (scopes === undefined) {
    const calls = factsOf(facts, 'libraryCall').filter(({ name }) =>
      /^(?:torch\.(?:mps|accelerator)|mlx\.core)\./.test(name),
    );
    scopes = new Set(calls.map((call) => call.scope));
    known.set(facts, scopes);
  }
  return scopes.has(scope);
}

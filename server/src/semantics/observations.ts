import type { Expression } from '../syntax/tree.ts';
import type { Laziness } from './state.ts';
import type { Device, Value } from './values.ts';
import { join, joinDevices } from './values.ts';

/** What an expression was whenever it ran, joined over all its runs. */
export interface Observation {
  readonly value: Value;
  /** Of the MLX arrays in it, when the expression had run; null when it holds none. */
  readonly laziness: Laziness | null;
  /** Of a torch module; a tensor carries its own. null: unknown. */
  readonly device: Device | null;
}

/**
 * What the editor shows of values, by the node of the expression or of the name that is bound. Runs
 * for callers in the file count; those for unknown callers only where there is no other.
 */
export class Observations {
  private readonly reached = new Map<Expression, Observation>();
  private readonly unreached = new Map<Expression, Observation>();
  /** Expressions that make MLX compute, and how many lazy arrays they computed at most. */
  readonly forced = new Map<Expression, number>();

  see(node: Expression, seen: Observation, isReached: boolean): void {
    const kept = isReached ? this.reached : this.unreached;
    const before = kept.get(node);
    kept.set(
      node,
      before === undefined
        ? seen
        : {
            value: join(before.value, seen.value),
            laziness: before.laziness === seen.laziness ? seen.laziness : 'unknown',
            device: joinDevices(before.device, seen.device),
          },
    );
  }

  force(node: Expression, computed: number): void {
    this.forced.set(node, Math.max(computed, this.forced.get(node) ?? 0));
  }

  at(node: Expression): Observation | undefined {
    return this.reached.get(node) ?? this.unreached.get(node);
  }
}

import type { Expression } from '../syntax/tree.ts';
import type { Context, Recorder } from './context.ts';
import type { TrailEvent } from './trail.ts';
import type { ValueFacets } from './valueFacets.ts';
import { agreement, facetsOf } from './valueFacets.ts';
import type { Value } from './values.ts';

/** What an expression computed, in every run that got there. */
export interface Evaluation {
  /** Names of the arrays that were computed, where they have some. */
  readonly names: readonly string[];
  /** Arrays that were computed in the run that computed most. */
  readonly count: number;
}

/** null: the runs do not agree. */
interface Seen<T> {
  reached: T | null | undefined;
  /** What functions do for callers that are not in the file. */
  otherwise: T | null | undefined;
}

/**
 * Values of expressions and names, as the runs that got there saw them. Runs for unknown callers count only
 * where the file itself never gets: what its own calls do is what its reader looks at.
 */
export class RecordedValues implements Recorder {
  private readonly reads = new Map<Expression, Seen<ValueFacets>>();
  private readonly bindings = new Map<Expression, Seen<ValueFacets>>();
  private readonly forces = new Map<Expression, Seen<readonly number[]>>();
  /** All arrays that a name was bound to, over all runs. */
  private readonly arraysBoundAt = new Map<Expression, Set<number>>();
  private readonly names = new Map<number, string>();
  private readonly madeBy = new Map<number, Expression>();
  private readonly computedBy = new Map<Expression, Set<Expression>>();

  /** The value of an expression that was read. */
  read(node: Expression, value: Value, context: Context): void {
    this.see(this.reads, node, value, context);
  }

  /** The value that a name or an attribute was bound to. */
  bound(target: Expression, value: Value, context: Context): void {
    this.see(this.bindings, target, value, context);
    if (value.kind !== 'mlxArray' || context.muted) return;
    // Later names are other names for it.
    if (target.kind === 'name' && !this.names.has(value.id)) this.names.set(value.id, target.id);
    const arrays = this.arraysBoundAt.get(target) ?? new Set();
    this.arraysBoundAt.set(target, arrays.add(value.id));
  }

  event(event: TrailEvent, context: Context): void {
    if (event.kind !== 'force' || context.muted) return;
    for (const array of event.computed) {
      const origin = this.madeBy.get(array);
      if (origin === undefined) continue;
      const nodes = this.computedBy.get(origin) ?? new Set();
      this.computedBy.set(origin, nodes.add(event.node));
    }
    const seen = seenAt(this.forces, event.node);
    const which = context.reached ? 'reached' : 'otherwise';
    const before = seen[which];
    const { computed } = event;
    if (before === undefined) seen[which] = computed.length > 0 ? computed : null;
    else if (before !== null)
      seen[which] =
        computed.length === 0 ? null : computed.length > before.length ? computed : before;
  }

  /** What an expression is; null when nothing is known or the runs differ. A binding goes before a reading. */
  valueOf(node: Expression): ValueFacets | null {
    return known(this.bindings.get(node)) ?? known(this.reads.get(node));
  }

  /** What a name is bound to by the assignment that it is the target of. */
  boundAt(target: Expression): ValueFacets | null {
    return known(this.bindings.get(target));
  }

  arraysAt(target: Expression): ReadonlySet<number> {
    return this.arraysBoundAt.get(target) ?? new Set();
  }

  /** The expressions that computed the arrays that `origin` recorded. */
  computingExpressions(origin: Expression): readonly Expression[] {
    return [...(this.computedBy.get(origin) ?? [])];
  }

  /** Expressions that make MLX compute, each time that they run. */
  *evaluations(): Generator<readonly [node: Expression, evaluation: Evaluation]> {
    for (const [node, seen] of this.forces) {
      const computed = known(seen);
      if (computed === null) continue;
      const names = computed.flatMap((array) => this.names.get(array) ?? []);
      yield [node, { names: [...new Set(names)], count: computed.length }];
    }
  }

  private see(
    map: Map<Expression, Seen<ValueFacets>>,
    node: Expression,
    value: Value,
    context: Context,
  ): void {
    if (context.muted || context.state === null) return;
    if (value.kind === 'mlxArray' && value.origin !== undefined)
      this.madeBy.set(value.id, value.origin);
    const facets = facetsOf(value, context.state);
    const seen = seenAt(map, node);
    const which = context.reached ? 'reached' : 'otherwise';
    const before = seen[which];
    if (before === undefined) seen[which] = facets;
    else if (before !== null) seen[which] = agreement(before, facets);
  }
}

function seenAt<T>(map: Map<Expression, Seen<T>>, node: Expression): Seen<T> {
  let seen = map.get(node);
  if (seen === undefined) {
    seen = { reached: undefined, otherwise: undefined };
    map.set(node, seen);
  }
  return seen;
}

const known = <T>(seen: Seen<T> | undefined): T | null =>
  (seen?.reached === undefined ? seen?.otherwise : seen.reached) ?? null;

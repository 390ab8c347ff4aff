import type { Expression } from '../syntax/tree.ts';

/** What a program did, in execution order. */
export type TrailEvent =
  /** A clock was read. */
  | { readonly kind: 'clock'; readonly node: Expression }
  /** torch enqueued work on a device that computes asynchronously. */
  | { readonly kind: 'work'; readonly node: Expression }
  /** torch waited for its device. */
  | { readonly kind: 'sync'; readonly node: Expression }
  /** An MLX operation was recorded, not computed; `array` is its result. */
  | { readonly kind: 'record'; readonly node: Expression; readonly array: number }
  /** MLX computed `computed`, because `targets` were asked for. */
  | {
      readonly kind: 'force';
      readonly node: Expression;
      readonly targets: readonly number[];
      readonly computed: readonly number[];
    }
  /** `mx.async_eval` began to compute these. */
  | { readonly kind: 'schedule'; readonly node: Expression; readonly scheduled: readonly number[] }
  /** `mx.synchronize()` waited for what was scheduled. */
  | { readonly kind: 'wait'; readonly node: Expression }
  /** A model's parameters were updated: `array` stands for the new ones. */
  | { readonly kind: 'update'; readonly node: Expression; readonly array: number }
  /** Code without a model ran: it may have synchronised, evaluated or worked. */
  | {
      readonly kind: 'unmodelled';
      readonly node: Expression;
      /** What it can have reached: anything that the program holds, or what it was given. */
      readonly reach: 'anything' | 'arguments';
    };

/** An immutable history; a step with two `before`s is where branches met. */
export interface Trail {
  readonly number: number;
  readonly event: TrailEvent | null;
  readonly before: readonly Trail[];
}

/**
 * The events between trail step `start` (excluded) and `end` (excluded), one list for each path, in
 * execution order. Null when `end` can be reached without passing `start`, or when there are more
 * than `limit` paths.
 */
export function pathsBetween(
  end: Trail,
  start: number,
  limit = 16,
): readonly (readonly TrailEvent[])[] | null {
  const paths: TrailEvent[][] = [];
  const pending: { at: Trail; events: TrailEvent[] }[] = end.before.map((at) => ({
    at,
    events: [],
  }));
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    let at: Trail | undefined = path.at;
    const events = path.events;
    while (at !== undefined) {
      if (at.number === start) {
        paths.push(events.reverse());
        break;
      }
      if (at.number < start || at.before.length === 0) return null;
      if (at.event !== null) events.push(at.event);
      for (const other of at.before.slice(1)) pending.push({ at: other, events: [...events] });
      if (pending.length + paths.length > limit) return null;
      at = at.before[0];
    }
  }
  return paths;
}

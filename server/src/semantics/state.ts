import type { Trail, TrailEvent } from './trail.ts';
import type { Device, Value } from './values.ts';
import { join, joinDevices } from './values.ts';

/** What MLX knows of one array. `before`: arrays that it is computed from. */
export interface ArrayState {
  readonly evaluated: 'lazy' | 'computed' | 'unknown';
  readonly before: readonly number[];
  /** Trail number of the recording. */
  readonly recorded: number;
}

/** Everything that changes while a program runs. Copied where paths fork, joined where they meet. */
export interface State {
  /** `scope:name`, `object#id.attribute`. */
  readonly variables: Map<string, Value>;
  readonly arrays: Map<number, ArrayState>;
  /** Devices of torch modules by id; null: unknown. */
  readonly modules: Map<number, Device | null>;
  /** Library name to the node that loaded it first. */
  readonly loaded: Map<string, { readonly start: number; readonly end: number }>;
  /** Backends asked for by the tests that lead here. */
  asked: ReadonlySet<string>;
  /** null: unknown. */
  defaultDevice: Device | null;
  trail: Trail;
}

let steps = 0;

/** Trail numbers grow along every path, also over several runs. */
export function step(event: TrailEvent | null, before: readonly Trail[]): Trail {
  steps += 1;
  return { number: steps, event, before };
}

export function initialState(): State {
  return {
    variables: new Map(),
    arrays: new Map(),
    modules: new Map(),
    loaded: new Map(),
    asked: new Set(),
    defaultDevice: { types: ['cpu'] },
    trail: step(null, []),
  };
}

export function fork(state: State): State {
  return {
    variables: new Map(state.variables),
    arrays: new Map(state.arrays),
    modules: new Map(state.modules),
    loaded: new Map(state.loaded),
    asked: state.asked,
    defaultDevice: state.defaultDevice,
    trail: state.trail,
  };
}

/** null is a path that ended (return, raise, break, a test that is false). */
export function joinStates(a: State | null, b: State | null): State | null {
  if (a === null) return b;
  if (b === null || a === b) return a;
  return {
    variables: joinMaps(a.variables, b.variables, join),
    arrays: joinMaps(a.arrays, b.arrays, (x, y) =>
      x.evaluated === y.evaluated ? x : { ...x, evaluated: 'unknown' },
    ),
    modules: joinMaps(a.modules, b.modules, joinDevices),
    // Loaded on one path only is not certain.
    loaded: new Map([...a.loaded].filter(([name]) => b.loaded.has(name))),
    asked: new Set([...a.asked].filter((backend) => b.asked.has(backend))),
    defaultDevice: joinDevices(a.defaultDevice, b.defaultDevice),
    trail: a.trail === b.trail ? a.trail : step(null, [a.trail, b.trail]),
  };
}

/** A name bound on one path only keeps its value: the other path would have raised at its use. */
function joinMaps<K, V>(a: Map<K, V>, b: Map<K, V>, merge: (x: V, y: V) => V): Map<K, V> {
  const joined = new Map(a);
  for (const [key, value] of b) {
    const other = joined.get(key);
    joined.set(key, other === undefined || other === value ? value : merge(other, value));
  }
  return joined;
}

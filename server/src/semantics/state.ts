import type { CallExpression, Expression } from '../syntax/tree.ts';
import { BranchMap } from './branchMap.ts';
import { join, joinDevices, widened } from './joins.ts';
import type { Trail, TrailEvent } from './trail.ts';
import type { Device, Value } from './values.ts';

/** `scheduled`: mx.async_eval has been called, and nothing has waited for it since. */
export type Laziness = 'lazy' | 'scheduled' | 'computed' | 'unknown';

/** What MLX knows of one array. `before`: arrays that it is computed from. */
export interface ArrayState {
  readonly evaluated: Laziness;
  readonly before: readonly number[];
  /** Trail number of the recording. */
  readonly recorded: number;
  /** What recorded it; absent for arrays from elsewhere. */
  readonly node?: Expression;
  /** Numbers that it is made of and that came off the graph. */
  readonly fromHost?: readonly Expression[];
  /** Has no gradient: integers, truth values, what mx.stop_gradient returns. */
  readonly isConstant?: true;
}

/** A draw of random numbers. */
export interface Draw {
  readonly node: CallExpression;
  /** Function, dtype and shape: two draws with one key and one kind give the same numbers. */
  readonly kind: string;
}

/** What a traced function saw behind a name from outside. */
export interface Captured {
  /** The array, or the one that stands for all parameters of a model. */
  readonly id: number;
  /** The model's key in State.trees; null: an array. */
  readonly tree: string | null;
}

/** Everything that changes while a program runs. Copied where paths fork, joined where they meet. */
export interface State {
  /** `scope:name`, `object#id.attribute`. */
  readonly variables: BranchMap<string, Value>;
  readonly arrays: BranchMap<number, ArrayState>;
  /** What was added to lists since they were written, by id. */
  readonly added: BranchMap<number, readonly Value[]>;
  /** Arrays of MLX modules and optimizers, one for all that each of them has. */
  readonly trees: BranchMap<string, number>;
  /** What compiled functions saw of the names outside when MLX traced them. */
  readonly traces: BranchMap<number, ReadonlyMap<string, Captured>>;
  /** Devices of torch modules by id; null: unknown. */
  readonly modules: BranchMap<number, Device | null>;
  /** Library name to the node that loaded it first. */
  loaded: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
  /** Backends asked for by the tests that lead here. */
  asked: ReadonlySet<string>;
  /** dtype of tensors that are made of sizes or floats. */
  defaultDtype: string | null;
  /** null: unknown. */
  defaultDevice: Device | null;
  /** Draws of random numbers by the id of the key that they used. */
  readonly usedKeys: BranchMap<number, Draw>;
  /** Where MLX runs what names no stream; null: unknown. */
  mlxDevice: Device | null;
  trail: Trail;
}

let ids = 0;

/** Numbers for scopes and objects, which no two of any run share. */
export function nextId(): number {
  ids += 1;
  return ids;
}

let steps = 0;

/** Trail numbers grow along every path, also over several runs. */
export function step(event: TrailEvent | null, before: readonly Trail[]): Trail {
  steps += 1;
  return { number: steps, event, before };
}

export function initialState(): State {
  return {
    variables: new BranchMap(),
    arrays: new BranchMap(),
    added: new BranchMap(),
    trees: new BranchMap(),
    traces: new BranchMap(),
    modules: new BranchMap(),
    loaded: new Map(),
    asked: new Set(),
    defaultDtype: 'float32',
    defaultDevice: { types: ['cpu'] },
    usedKeys: new BranchMap(),
    mlxDevice: { types: ['mps'] },
    trail: step(null, []),
  };
}

export function fork(state: State): State {
  return {
    variables: state.variables.fork(),
    arrays: state.arrays.fork(),
    added: state.added.fork(),
    trees: state.trees.fork(),
    traces: state.traces.fork(),
    modules: state.modules.fork(),
    loaded: state.loaded,
    asked: state.asked,
    defaultDtype: state.defaultDtype,
    defaultDevice: state.defaultDevice,
    usedKeys: state.usedKeys.fork(),
    mlxDevice: state.mlxDevice,
    trail: state.trail,
  };
}

/** What the second round of a loop found otherwise than the first is different in each round. */
export function widen(first: State, second: State): void {
  for (const key of BranchMap.changed(first.variables, second.variables)) {
    const [before, after] = [first.variables.get(key), second.variables.get(key)];
    if (before !== undefined && after !== undefined && before !== after)
      second.variables.set(key, widened(before, after));
  }
}

/** null is a path that ended (return, raise, break, a test that is false). */
export function joinStates(a: State | null, b: State | null): State | null {
  if (a === null) return b;
  if (b === null || a === b) return a;
  return {
    variables: BranchMap.join(a.variables, b.variables, join),
    arrays: BranchMap.join(a.arrays, b.arrays, (x, y) =>
      x.evaluated === y.evaluated ? x : { ...x, evaluated: 'unknown' },
    ),
    added: BranchMap.join(a.added, b.added, (x, y) => [...new Set([...x, ...y])]),
    // A tree that is another on each path is none that is known.
    trees: BranchMap.join(a.trees, b.trees, () => 0),
    traces: BranchMap.join(a.traces, b.traces, (x) => x),
    modules: BranchMap.join(a.modules, b.modules, joinDevices),
    // Loaded on one path only is not certain.
    loaded:
      a.loaded === b.loaded
        ? a.loaded
        : new Map([...a.loaded].filter(([name]) => b.loaded.has(name))),
    asked:
      a.asked === b.asked
        ? a.asked
        : new Set([...a.asked].filter((backend) => b.asked.has(backend))),
    defaultDtype: a.defaultDtype === b.defaultDtype ? a.defaultDtype : null,
    defaultDevice: joinDevices(a.defaultDevice, b.defaultDevice),
    usedKeys: BranchMap.join(a.usedKeys, b.usedKeys, (x) => x),
    mlxDevice: joinDevices(a.mlxDevice, b.mlxDevice),
    trail: a.trail === b.trail ? a.trail : step(null, [a.trail, b.trail]),
  };
}

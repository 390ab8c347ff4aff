/** What one stretch of a path has changed; `undefined` stands for a deleted key. */
interface Layer<K, V> {
  readonly changes: Map<K, V | undefined>;
  readonly below: Layer<K, V> | null;
  readonly depth: number;
}

/** Deeper stacks are merged into one layer, so that a look-up stays short. */
const deepest = 24;

/**
 * A map that forks and joins with the paths of a program. A fork shares all that is there, and a join
 * looks only at what changed since the fork: programs have many branches and many names.
 */
export class BranchMap<K, V> {
  /** null: none. Most maps never change between two branches. */
  private changes: Map<K, V | undefined> | null = null;
  private below: Layer<K, V> | null;

  constructor(below: Layer<K, V> | null = null) {
    this.below = below;
  }

  get(key: K): V | undefined {
    if (this.changes?.has(key) === true) return this.changes.get(key);
    for (let layer = this.below; layer !== null; layer = layer.below) {
      const value = layer.changes.get(key);
      if (value !== undefined || layer.changes.has(key)) return value;
    }
    return undefined;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): void {
    this.changes ??= new Map();
    this.changes.set(key, value);
  }

  delete(key: K): void {
    this.changes?.delete(key);
    // A key that was never below leaves nothing behind: the locals of every call come and go.
    if (this.get(key) === undefined) return;
    this.changes ??= new Map();
    this.changes.set(key, undefined);
  }

  /** Everything that is bound now. */
  all(): Map<K, V> {
    const layers = this.changes === null ? [] : [this.changes];
    for (let layer = this.below; layer !== null; layer = layer.below) layers.push(layer.changes);
    return merged(layers) as Map<K, V>;
  }

  /** A copy; both go on from here, and neither sees what the other does. */
  fork(): BranchMap<K, V> {
    if (this.changes !== null && this.changes.size > 0) {
      const depth = (this.below?.depth ?? 0) + 1;
      this.below =
        depth > deepest
          ? { changes: this.all(), below: null, depth: 1 }
          : { changes: this.changes, below: this.below, depth };
      this.changes = null;
    }
    return new BranchMap(this.below);
  }

  /** A key bound on one path only keeps its value: the other path would have raised at its use. */
  static join<K, V>(
    a: BranchMap<K, V>,
    b: BranchMap<K, V>,
    merge: (x: V, y: V) => V,
  ): BranchMap<K, V> {
    if (a.changes === null && b.changes === null && a.below === b.below)
      return new BranchMap(a.below);
    const common = commonLayer(a.below, b.below);
    const joined = new BranchMap(common);
    for (const key of BranchMap.changedSince(common, a, b)) {
      const x = a.get(key);
      const y = b.get(key);
      if (x === undefined && y === undefined) joined.delete(key);
      else if (x === undefined) joined.set(key, y as V);
      else joined.set(key, y === undefined || x === y ? x : merge(x, y));
    }
    return joined;
  }

  /** Keys that may differ between two maps. */
  static changed<K, V>(a: BranchMap<K, V>, b: BranchMap<K, V>): Set<K> {
    return BranchMap.changedSince(commonLayer(a.below, b.below), a, b);
  }

  /** Keys that have changed in either since a layer that lies below. */
  private static changedSince<K, V>(
    since: Layer<K, V> | null,
    a: BranchMap<K, V>,
    b: BranchMap<K, V>,
  ): Set<K> {
    const keys = new Set<K>();
    for (const map of [a, b]) {
      if (map.changes !== null) for (const key of map.changes.keys()) keys.add(key);
      for (let layer = map.below; layer !== since && layer !== null; layer = layer.below)
        for (const key of layer.changes.keys()) keys.add(key);
    }
    return keys;
  }
}

/** The newest layer comes first. */
function merged<K, V>(layers: readonly Map<K, V | undefined>[]): Map<K, V | undefined> {
  const all = new Map<K, V | undefined>();
  for (const layer of layers.toReversed()) {
    for (const [key, value] of layer) {
      if (value === undefined) all.delete(key);
      else all.set(key, value);
    }
  }
  return all;
}

function commonLayer<K, V>(a: Layer<K, V> | null, b: Layer<K, V> | null): Layer<K, V> | null {
  const seen = new Set<Layer<K, V>>();
  for (let layer = a; layer !== null; layer = layer.below) seen.add(layer);
  for (let layer = b; layer !== null; layer = layer.below) if (seen.has(layer)) return layer;
  return null;
}

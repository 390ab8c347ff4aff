import type { ModuleSource, SourceModule } from './moduleSource.ts';
import type { Value } from './values.ts';

/** What a module of the workspace has defined once it is imported. It names no place in its text. */
export interface Summary {
  readonly source: SourceModule;
  /** Scope instance of its body. */
  readonly scope: number;
  /** Everything bound, by the keys of State.variables. */
  readonly variables: ReadonlyMap<string, Value>;
  /** Those that were looked into on the way. */
  readonly used: ReadonlySet<Summary>;
  /** What it was resolved to is what it still has to resolve to. */
  readonly lookups: readonly Lookup[];
}

export interface Lookup {
  readonly importer: string;
  readonly level: number;
  readonly name: string;
  readonly found: SourceModule | null;
}

const known = new WeakMap<SourceModule, Summary>();

/** The summary from an earlier run, as long as nothing that it was made from has changed. */
export function knownSummary(source: SourceModule, modules: ModuleSource): Summary | null {
  const summary = known.get(source);
  return summary !== undefined && isCurrent(summary, modules, new Set()) ? summary : null;
}

function isCurrent(summary: Summary, modules: ModuleSource, seen: Set<Summary>): boolean {
  if (seen.has(summary)) return true;
  seen.add(summary);
  return (
    summary.lookups.every(
      ({ importer, level, name, found }) => modules.resolve(importer, level, name) === found,
    ) &&
    [...summary.used].every(
      (other) => known.get(other.source) === other && isCurrent(other, modules, seen),
    )
  );
}

export function rememberSummary(summary: Summary): void {
  known.set(summary.source, summary);
}

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
  readonly lookups: ReadonlyMap<string, Lookup>;
}

export interface Lookup {
  readonly importer: string;
  readonly level: number;
  readonly name: string;
  readonly found: SourceModule | null;
}

/** UTF-16 units of the modules whose summaries are kept. Beyond them all are made anew when needed. */
const maximumKept = 8_000_000;

let known = new WeakMap<SourceModule, Summary>();
let kept = 0;

/** Makes room between two analyses: what one has seen stays as it is until it ends. */
export function limitSummaries(): void {
  if (kept <= maximumKept) return;
  known = new WeakMap();
  kept = 0;
}

/**
 * The summary from an earlier run, as long as nothing that it was made from has changed.
 * @param current those of which that is known in this run
 */
export function knownSummary(
  source: SourceModule,
  modules: ModuleSource,
  current: Set<Summary>,
): Summary | null {
  const summary = known.get(source);
  if (summary === undefined) return null;
  const seen = new Set<Summary>();
  if (!isCurrent(summary, modules, current, seen)) return null;
  for (const one of seen) current.add(one);
  return summary;
}

function isCurrent(
  summary: Summary,
  modules: ModuleSource,
  current: ReadonlySet<Summary>,
  seen: Set<Summary>,
): boolean {
  if (current.has(summary) || seen.has(summary)) return true;
  seen.add(summary);
  for (const { importer, level, name, found } of summary.lookups.values())
    if (modules.resolve(importer, level, name) !== found) return false;
  for (const other of summary.used) {
    if (known.get(other.source) !== other) return false;
    if (!isCurrent(other, modules, current, seen)) return false;
  }
  return true;
}

export function rememberSummary(summary: Summary): void {
  known.set(summary.source, summary);
  kept += summary.source.text.length;
}

import type { Applicability, Severity } from '../../rules/finding.ts';

/** A place as people count: from 1, columns in code points. */
export interface Location {
  readonly row: number;
  readonly column: number;
}

export interface Place {
  /** Number of the notebook cell among all cells, from 1; null in a file. */
  readonly cell: number | null;
  readonly location: Location;
  readonly end: Location;
}

export interface CheckedEdit extends Place {
  readonly content: string;
}

export interface CheckedFix {
  readonly title: string;
  readonly applicability: Applicability;
  readonly edits: readonly CheckedEdit[];
}

/** A finding as plain data, which passes between threads and into the cache. */
export interface CheckedFinding extends Place {
  readonly rule: string;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** The lines of the finding, at most 20. */
  readonly lines: readonly string[];
  readonly related: readonly (Place & { readonly message: string })[];
  /** The preferred fix. */
  readonly fix: CheckedFix | null;
}

export interface CheckedFile {
  readonly path: string;
  readonly findings: readonly CheckedFinding[];
  /** One sentence each: why it could not be checked, or which rule failed where. */
  readonly problems: readonly string[];
  /** One sentence each about what is no error of the run. */
  readonly warnings: readonly string[];
  /** Fixes that were applied, or would be: code to number. */
  readonly fixed: Readonly<Record<string, number>>;
  /** The text before and after the fixes, when they were asked for and are not written. */
  readonly change: { readonly before: string; readonly after: string } | null;
}

export const isFixable = (finding: CheckedFinding, allow: Applicability): boolean =>
  finding.fix !== null && (finding.fix.applicability === 'safe' || allow === 'unsafe');

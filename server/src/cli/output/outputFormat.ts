import type { Applicability } from '../../rules/finding.ts';
import type { CheckedFile } from '../checkedFile.ts';

/** What a run has to say. */
export interface Report {
  readonly files: readonly CheckedFile[];
  /** Fixes that were applied. */
  readonly fixed: number;
  readonly allow: Applicability;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** The whole text for stdout. */
export type OutputFormat = (report: Report) => string;

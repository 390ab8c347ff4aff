import type { LintSettings } from '../../engine/settings.ts';
import type { Applicability } from '../../rules/finding.ts';
import type { Environment } from '../../semantics/target.ts';

/** One file to check. */
export interface Job {
  readonly path: string;
  readonly lint: LintSettings;
  readonly environment: Environment;
  /** The text, when it does not come from the disk. */
  readonly text?: string;
}

/** What is done with every file of a run. */
export interface RunOptions {
  /** `show` only looks; `fix` writes; `preview` fixes without writing; `suppress` writes noqa comments. */
  readonly action: 'show' | 'fix' | 'preview' | 'suppress';
  readonly allow: Applicability;
  /** Folder of the results of earlier runs; null: none are used or kept. */
  readonly cache: string | null;
}

import type { FileSettings } from '../../files/configuration.ts';
import type { Applicability } from '../../rules/finding.ts';

/** One file to check. */
export interface Job extends FileSettings {
  readonly path: string;
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

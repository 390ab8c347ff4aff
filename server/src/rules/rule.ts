import type { Severity } from '../engine/finding.ts';

/** What is known about a rule without running it; pages, settings and registries are made from it. */
export interface RuleMeta {
  /** kebab-case, reads as the thing found; equals the file name. */
  readonly name: string;
  /** Stable: MPS1xx placement, 2xx dtypes, … (see ARCHITECTURE.md). */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence, without a final period. */
  readonly summary: string;
  /** Smelt version that brought the rule. */
  readonly since: string;
  readonly fix: 'safe' | 'unsafe' | 'mixed' | 'none';
}

export interface Rule {
  readonly meta: RuleMeta;
}

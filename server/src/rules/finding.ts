import type { Span } from '../syntax/tree.ts';

export const severities = ['error', 'warning', 'info', 'hint'] as const;
export type Severity = (typeof severities)[number];

/** `safe` keeps what the program does wherever it already worked; `unsafe` may change it. */
export type Applicability = 'safe' | 'unsafe';

/** Replaces `text.slice(start, end)`. Edits of one fix do not overlap. */
export interface Edit extends Span {
  readonly text: string;
}

export interface Fix {
  /** A verb on the object: `Cast to float32 before the move`. */
  readonly title: string;
  readonly applicability: Applicability;
  /** Computed when asked for. */
  readonly edits: () => readonly Edit[];
}

export interface RelatedSpan extends Span {
  readonly message: string;
}

/** Offsets index `Module.text`. */
export interface Finding extends Span {
  /** kebab-case rule name. */
  readonly rule: string;
  /** `MPS201` */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly RelatedSpan[];
  /** The preferred one first. */
  readonly fixes: readonly Fix[];
  readonly tags: readonly ('deprecated' | 'unnecessary')[];
}

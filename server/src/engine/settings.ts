/**
 * Which rules run. Entries are codes (`MPS201`), beginnings of codes (`MPS2`, `MLX`), names or `ALL`.
 * The more exact entry wins; of two that are equally exact, `ignore`.
 */
export interface LintSettings {
  /** Empty: every rule. */
  readonly select: readonly string[];
  /** Rules besides `select`. */
  readonly extendSelect?: readonly string[];
  readonly ignore: readonly string[];
  /** Codes of rules whose findings get no fixes. */
  readonly unfixable?: readonly string[];
  /** Show also what comments silence. */
  readonly ignoreSuppressions?: boolean;
}

export const defaultLintSettings: LintSettings = { select: [], ignore: [] };

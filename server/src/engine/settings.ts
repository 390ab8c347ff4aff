/** Which rules run. Entries are codes (`MPS201`), code prefixes (`MPS2`, `MLX`) or names. */
export interface LintSettings {
  /** Empty: every rule. */
  readonly select: readonly string[];
  readonly ignore: readonly string[];
}

export const defaultLintSettings: LintSettings = { select: [], ignore: [] };

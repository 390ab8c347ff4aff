/** Settings under `smelt.` that the server reads (workspace/configuration, section "smelt"). */
export interface ServerSettings {
  readonly lint: {
    readonly enable: boolean;
    /** Rule codes, prefixes or names; empty selects the default set. */
    readonly select: readonly string[];
    readonly ignore: readonly string[];
  };
  readonly inlayHints: {
    readonly laziness: (typeof lazinessHints)[number];
    readonly values: (typeof valueHints)[number];
  };
}

/** Values of `smelt.inlayHints.laziness`. */
export const lazinessHints = ['off', 'timedWindows', 'all'] as const;

/** Values of `smelt.inlayHints.values`. */
export const valueHints = ['off', 'changes', 'all'] as const;

export const defaultServerSettings: ServerSettings = {
  lint: { enable: true, select: [], ignore: [] },
  inlayHints: { laziness: 'timedWindows', values: 'changes' },
};

export interface RulePageParams {
  /** A code (`MPS201`) or a name (`float64-to-mps`). */
  readonly rule: string;
}

/** Request: RulePageParams to the Markdown page of the rule (string), or null for an unknown one. */
export const rulePageMethod = 'smelt/rulePage';

/** Commands that code actions carry; the client registers them. */
export const commandNames = {
  showRule: 'smelt.showRule',
} as const;

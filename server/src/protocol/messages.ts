/** Settings under `smelt.` that the server reads (workspace/configuration, section "smelt"). */
export interface ServerSettings {
  readonly lint: {
    readonly enable: boolean;
    /** Rule codes, prefixes or names; empty selects the default set. */
    readonly select: readonly string[];
    readonly ignore: readonly string[];
    /** Path of a settings file; empty: the nearest one above each document. */
    readonly configuration: string;
  };
  readonly inlayHints: {
    readonly laziness: (typeof lazinessHints)[number];
    readonly values: (typeof valueHints)[number];
  };
  readonly codeLens: {
    /** What timed windows measure. */
    readonly timedWindows: boolean;
  };
  readonly hover: {
    readonly values: boolean;
    /** What PyTorch and MLX names are called in the other, and what to know of them. */
    readonly names: boolean;
  };
}

/** Values of `smelt.inlayHints.laziness`. */
export const lazinessHints = ['off', 'timedWindows', 'all'] as const;

/** Values of `smelt.inlayHints.values`. */
export const valueHints = ['off', 'changes', 'all'] as const;

export const defaultServerSettings: ServerSettings = {
  lint: { enable: true, select: [], ignore: [], configuration: '' },
  inlayHints: { laziness: 'timedWindows', values: 'changes' },
  codeLens: { timedWindows: true },
  hover: { values: true, names: true },
};

export interface RulePageParams {
  /** A code (`MPS201`) or a name (`float64-to-mps`). */
  readonly rule: string;
}

/** Request: RulePageParams to the Markdown page of the rule (string), or null for an unknown one. */
export const rulePageMethod = 'smelt/rulePage';

/** The Python of a workspace folder. */
export interface FolderInterpreter {
  /** URI; '' is everything else. */
  readonly folder: string;
  readonly path: string;
  /** Did somebody choose it? Otherwise it is the first that was found, and a nearer environment wins. */
  readonly chosen: boolean;
}

export interface InterpretersParams {
  readonly interpreters: readonly FolderInterpreter[];
}

/**
 * Notification of the client: InterpretersParams, at the start and whenever a choice changes. Their
 * packages are read from files; nothing is started.
 */
export const interpretersMethod = 'smelt/interpreters';

export interface EnvironmentsParams {
  /** Paths of Python interpreters. */
  readonly interpreters: readonly string[];
}

/** What is installed for one interpreter, read from files. */
export interface InstalledEnvironment {
  /** Version of Python; null: not known. */
  readonly python: string | null;
  /** Distribution name to version, of those that Smelt knows. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Request: EnvironmentsParams to InstalledEnvironment[], in the same order. Nothing is started. */
export const environmentsMethod = 'smelt/environments';

/** Commands that code actions and lenses carry; the client registers them. */
export const commandNames = {
  showRule: 'smelt.showRule',
  /** Arguments: uri, position, locations in that document. */
  showTimedWindow: 'smelt.showTimedWindow',
} as const;

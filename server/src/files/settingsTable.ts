/** What a setting's value may be, and its type once it is read. */
export interface SettingTypes {
  readonly rules: readonly string[];
  readonly patterns: readonly string[];
  readonly rulesByPattern: Readonly<Record<string, readonly string[]>>;
  /** A PEP 440 release, such as `2.8`. */
  readonly version: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly boolean: boolean;
  readonly format: string;
  readonly folder: string;
  readonly file: string;
}

export interface SettingEntry {
  readonly type: keyof SettingTypes;
  /** One or two sentences, Markdown. */
  readonly summary: string;
  readonly default: unknown;
  /** As it is written in TOML. */
  readonly example: string;
}

export const outputFormats = [
  'full',
  'concise',
  'grouped',
  'json',
  'json-lines',
  'junit',
  'github',
  'gitlab',
  'pylint',
  'rdjson',
  'azure',
  'sarif',
] as const;

export type OutputFormatName = (typeof outputFormats)[number];

/** Folders whose code is not the user's own. An environment is also known by its `pyvenv.cfg`. */
export const defaultExcludes: readonly string[] = [
  '.bzr',
  '.direnv',
  '.eggs',
  '.git',
  '.git-rewrite',
  '.hg',
  '.ipynb_checkpoints',
  '.mypy_cache',
  '.nox',
  '.pyenv',
  '.pytest_cache',
  '.pytype',
  '.ruff_cache',
  '.smelt_cache',
  '.svn',
  '.tox',
  '.venv',
  '__pycache__',
  '__pypackages__',
  '_build',
  'build',
  'dist',
  'node_modules',
  'site-packages',
  'venv',
];

/** Every setting of `smelt.toml` and `[tool.smelt]`. Options of `smelt check` have the same names. */
export const settingsTable = {
  extend: {
    type: 'file',
    summary:
      'Another settings file, relative to this one. What it says counts where this file says nothing, and its patterns are relative to it.',
    default: null,
    example: 'extend = "base.toml"',
  },
  select: {
    type: 'rules',
    summary:
      'Rules to use: codes (`MPS201`), beginnings of codes (`MPS2`, `MLX`), names or `ALL`. Empty: all of them.',
    default: [],
    example: 'select = ["MPS", "MLX1"]',
  },
  'extend-select': {
    type: 'rules',
    summary: 'Rules to use besides those of `select`.',
    default: [],
    example: 'extend-select = ["float64-to-mps"]',
  },
  ignore: {
    type: 'rules',
    summary:
      'Rules to leave out. Where `select` and `ignore` both name a rule, the more exact entry decides.',
    default: [],
    example: 'ignore = ["MPS108"]',
  },
  fixable: {
    type: 'rules',
    summary: 'Rules whose findings may be fixed. Empty: all of them.',
    default: [],
    example: 'fixable = ["MPS1", "MLX6"]',
  },
  unfixable: {
    type: 'rules',
    summary: 'Rules whose findings are never fixed.',
    default: [],
    example: 'unfixable = ["MPS102"]',
  },
  'per-file-ignores': {
    type: 'rulesByPattern',
    summary:
      'Rules to leave out in some files: patterns, relative to this file or of file names, to rules. A pattern that begins with `!` means every other file.',
    default: {},
    example: 'per-file-ignores = { "tests/**" = ["MPS101"] }',
  },
  exclude: {
    type: 'patterns',
    summary:
      'Files and folders to leave out, instead of the default ones: patterns, relative to this file or of names.',
    default: defaultExcludes,
    example: 'exclude = ["legacy", "examples/**/cuda_*.py"]',
  },
  'extend-exclude': {
    type: 'patterns',
    summary: 'Files and folders to leave out besides those of `exclude`.',
    default: [],
    example: 'extend-exclude = ["third_party"]',
  },
  'force-exclude': {
    type: 'boolean',
    summary: 'Leave out excluded files even when the command line names them, as pre-commit does.',
    default: false,
    example: 'force-exclude = true',
  },
  'respect-gitignore': {
    type: 'boolean',
    summary: 'Leave out what `.gitignore` and `.git/info/exclude` leave out.',
    default: true,
    example: 'respect-gitignore = false',
  },
  'target-torch': {
    type: 'version',
    summary: 'The torch that the code is for, instead of the installed one.',
    default: null,
    example: 'target-torch = "2.8"',
  },
  'target-mlx': {
    type: 'version',
    summary: 'The MLX that the code is for, instead of the installed one.',
    default: null,
    example: 'target-mlx = "0.32"',
  },
  'target-python': {
    type: 'version',
    summary: 'The Python that the code is for, instead of the selected one.',
    default: null,
    example: 'target-python = "3.12"',
  },
  targets: {
    type: 'versions',
    summary: 'Versions of other distributions that the code is for, instead of the installed ones.',
    default: {},
    example: 'targets = { transformers = "4.57" }',
  },
  fix: {
    type: 'boolean',
    summary: 'Fix what can be fixed, as `--fix` does. `--no-fix` only shows.',
    default: false,
    example: 'fix = true',
  },
  'unsafe-fixes': {
    type: 'boolean',
    summary: 'Also use fixes that may change what the program computes.',
    default: false,
    example: 'unsafe-fixes = true',
  },
  'output-format': {
    type: 'format',
    summary: 'How `smelt check` prints findings.',
    default: 'full',
    example: 'output-format = "concise"',
  },
  'cache-dir': {
    type: 'folder',
    summary: 'Where results are kept between runs.',
    default: '.smelt_cache',
    example: 'cache-dir = "~/.cache/smelt-results"',
  },
} as const satisfies Readonly<Record<string, SettingEntry>>;

export type SettingName = keyof typeof settingsTable;

export const settingNames = Object.keys(settingsTable) as readonly SettingName[];

/** What a file or a command line says; absent: nothing. */
export type SettingValues = {
  readonly [K in SettingName]?: SettingTypes[(typeof settingsTable)[K]['type']];
};

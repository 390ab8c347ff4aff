import { inlineParts } from './views/reportLine.ts';

/** The settings of package.json, as VS Code's `contributes.configuration.properties` takes them. */
export const settings = {
  'smelt.lint.enable': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'Show findings about PyTorch (MPS) and Apple MLX in Python files and notebooks. Hints, hovers of values and lenses have settings of their own and do not depend on it.',
  },
  'smelt.lint.select': {
    type: 'array',
    default: [],
    scope: 'resource',
    uniqueItems: true,
    markdownDescription:
      'Rules to use: codes (`MPS201`), beginnings of codes (`MPS2`, `MLX`) or names. Empty: all of them.',
  },
  'smelt.lint.ignore': {
    type: 'array',
    default: [],
    scope: 'resource',
    uniqueItems: true,
    markdownDescription: 'Rules to leave out, named as in `#smelt.lint.select#`.',
  },
  'smelt.lint.configuration': {
    type: 'string',
    default: '',
    scope: 'resource',
    markdownDescription:
      'Absolute path of a settings file for every document. Empty: the nearest `smelt.toml`, `.smelt.toml` or `pyproject.toml` with `[tool.smelt]` above each. What the settings here say wins over the file.',
  },
  'smelt.inlayHints.laziness': {
    type: 'string',
    default: 'timedWindows',
    enum: ['off', 'timedWindows', 'all'],
    enumDescriptions: [
      'Nowhere',
      'In and around code that is timed, where laziness spoils the numbers',
      'At every assignment and every expression that makes MLX compute',
    ],
    scope: 'resource',
    markdownDescription:
      'Where to show that an MLX array is `lazy`, and that something is `evaluated here`.',
  },
  'smelt.inlayHints.values': {
    type: 'string',
    default: 'changes',
    enum: ['off', 'changes', 'all'],
    enumDescriptions: [
      'Nowhere',
      'Where a device is chosen, where a tensor or module arrives on it, and where a dtype comes up that nobody wrote',
      'At every assignment of a tensor, an array or a module',
    ],
    scope: 'resource',
    markdownDescription:
      'Where to show the device, dtype and shape of PyTorch and MLX values, as far as they are certain.',
  },
  'smelt.hover.values': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'Say in the hover of a variable where its value is, of which dtype and shape, whether MLX has computed it, and where that comes from.',
  },
  'smelt.hover.names': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'Say in the hover of a PyTorch or MLX name what it is called in the other framework, whether MPS has it, and what to look out for.',
  },
  'smelt.python.interpreter': {
    type: 'string',
    default: '',
    scope: 'machine-overridable',
    markdownDescription:
      "Path of the Python that runs cells and benchmarks, or of its environment; `~`, `${workspaceFolder}` and paths from the folder on may be used. Empty: what *Smelt: Select Interpreter* chose, else the Python extension's choice, else the first that is found.",
  },
  'smelt.kernel.environment': {
    type: 'object',
    default: { PYTORCH_ENABLE_MPS_FALLBACK: '1' },
    scope: 'machine-overridable',
    additionalProperties: { type: 'string' },
    markdownDescription:
      'Environment variables of the kernel. They are set before Python starts, as torch reads its own while it is imported.',
  },
  'smelt.kernel.sharing': {
    type: 'string',
    default: 'file',
    enum: ['file', 'folder'],
    enumDescriptions: [
      'Every file and every notebook has a kernel of its own.',
      'All files and notebooks of a workspace folder share one kernel, and see the same variables.',
    ],
    scope: 'resource',
    markdownDescription: 'Which files share a kernel. Kernels that run keep theirs.',
  },
  'smelt.kernel.evaluateLazy': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'Compute the MLX arrays that a cell leaves lazy, so that its time is the time of its work; the line says how many they were. Off: they stay lazy, and their work is not in the time.',
  },
  'smelt.kernel.countCopies': {
    type: 'boolean',
    default: false,
    scope: 'resource',
    markdownDescription:
      'Count the copies between main memory and MPS that torch logs, with their bytes, and show them in the hover of a cell. Kernels that start from then on do; torch writes a line for each copy, which takes time (`PYTORCH_MPS_LOG_PROFILE_INFO`).',
  },
  'smelt.kernel.outliveWindow': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'Kernels go on while their window reloads. Off: a kernel that starts from then on ends with its window.',
  },
  'smelt.cells.keys': {
    type: 'string',
    default: 'auto',
    enum: ['auto', 'smelt', 'off'],
    enumDescriptions: [
      'Smelt leaves a key to the Jupyter extension, and Shift+Enter to the Python extension, where they are installed. It asks once.',
      "Smelt's keys work in every file with cells.",
      'No keys.',
    ],
    scope: 'window',
    markdownDescription:
      'Who has Cmd/Ctrl+Enter (run) and Shift+Enter (run and advance) in Python files with `# %%` cells.',
  },
  'smelt.inline.enable': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription: 'Show device, time and result after the last line of a cell that has run.',
  },
  'smelt.inline.parts': {
    type: 'array',
    default: inlineParts,
    items: { type: 'string', enum: inlineParts },
    uniqueItems: true,
    scope: 'resource',
    markdownDescription:
      'What the line after a cell names, in this order; a part with nothing to say is left out. `trouble` is what limits speed or number (operators on the CPU, Rosetta), `change` a run that took longer or shorter than the ones before by more than their spread.',
  },
  'smelt.results.reveal': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'Open *Smelt: Results* when a cell of a Python file shows a picture or a table. The focus stays where it is.',
  },
  'smelt.codeLens.timedWindows': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'Show above a clock that starts what the time until it stops really is the time of.',
  },
  'smelt.codeLens.enable': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    markdownDescription:
      'Show *Run on Metal* above `# %%` cells, and above a Python file without cells.',
  },
} as const;

import { outputFormats } from '../files/settingsTable.ts';
import type { OptionTable } from './commandLine/options.ts';
import { helpOption } from './commandLine/options.ts';

/** The options of `smelt check`. Those that are settings too have the setting's name. */
export const checkOptions = {
  fix: { type: 'boolean', negatable: true, help: 'apply safe fixes' },
  'unsafe-fixes': {
    type: 'boolean',
    negatable: true,
    help: 'with --fix or --diff: also fixes that may change what the program computes',
  },
  'fix-only': { type: 'boolean', help: 'apply fixes and say nothing about the rest' },
  'show-fixes': { type: 'boolean', help: 'list what was fixed, file by file' },
  diff: { type: 'boolean', help: 'print what --fix would change, and change nothing' },
  watch: { type: 'boolean', short: 'w', help: 'check again whenever a file changes' },
  'add-noqa': { type: 'boolean', help: 'write a noqa comment on every line with a finding' },
  'ignore-noqa': { type: 'boolean', help: 'show also what comments silence' },
  select: { type: 'list', value: 'RULES', help: 'only these rules: codes, beginnings, names, ALL' },
  'extend-select': { type: 'list', value: 'RULES', help: 'these rules too' },
  ignore: { type: 'list', value: 'RULES', help: 'without these rules' },
  fixable: { type: 'list', value: 'RULES', help: 'fix only findings of these rules' },
  unfixable: { type: 'list', value: 'RULES', help: 'fix no findings of these rules' },
  'per-file-ignores': {
    type: 'list',
    value: 'PATTERN:RULE',
    help: 'without these rules in these files',
  },
  exclude: { type: 'list', value: 'PATTERNS', help: 'leave out these instead of the default ones' },
  'extend-exclude': { type: 'list', value: 'PATTERNS', help: 'leave out these too' },
  'force-exclude': {
    type: 'boolean',
    negatable: true,
    help: 'leave out excluded files even when they are named',
  },
  'respect-gitignore': {
    type: 'boolean',
    negatable: true,
    help: 'leave out what .gitignore leaves out (the default)',
  },
  'target-torch': { type: 'string', value: 'VERSION', help: 'the torch that the code is for' },
  'target-mlx': { type: 'string', value: 'VERSION', help: 'the MLX that the code is for' },
  'target-python': { type: 'string', value: 'VERSION', help: 'the Python that the code is for' },
  'output-format': {
    type: 'string',
    value: 'FORMAT',
    choices: outputFormats,
    help: 'how findings are printed',
  },
  'output-file': {
    type: 'string',
    short: 'o',
    value: 'FILE',
    help: 'write to a file instead of the terminal',
  },
  statistics: { type: 'boolean', help: 'print the number of findings of each rule' },
  'stdin-filename': {
    type: 'string',
    value: 'FILE',
    help: 'the name of the text that comes from standard input (with the path -)',
  },
  'exit-zero': { type: 'boolean', short: 'e', help: 'end with 0 even when there are findings' },
  'exit-non-zero-on-fix': { type: 'boolean', help: 'end with 1 when something was fixed' },
  config: {
    type: 'string',
    value: 'FILE',
    help: 'settings from this file, or one setting as TOML: \'target-torch = "2.8"\'',
  },
  isolated: { type: 'boolean', help: 'without any settings file' },
  'cache-dir': { type: 'string', value: 'FOLDER', help: 'where results are kept between runs' },
  'no-cache': { type: 'boolean', short: 'n', help: 'neither use nor keep results of other runs' },
  'show-files': { type: 'boolean', help: 'print the files that would be checked' },
  'show-settings': { type: 'boolean', help: 'print the settings that count for the first file' },
  color: {
    type: 'string',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'colours',
  },
  quiet: { type: 'boolean', short: 'q', help: 'findings only, no summary' },
  silent: { type: 'boolean', short: 's', help: 'print nothing, only end with the exit code' },
  ...helpOption,
} as const satisfies OptionTable;

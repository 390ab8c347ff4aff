import { existsSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Configuration } from '../files/configuration.ts';
import { findFiles } from '../files/findFiles.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { PythonEnvironments } from '../files/pythonEnvironments.ts';
import type { Source } from '../files/readSource.ts';
import { sourceOf } from '../files/readSource.ts';
import type { SettingsProblem } from '../files/settingsFile.ts';
import type { OutputFormatName } from '../files/settingsTable.ts';
import { settingNames } from '../files/settingsTable.ts';
import { targetEnvironment } from '../files/targetEnvironment.ts';
import { cacheFolder, cacheProblem } from './cacheFolder.ts';
import { checkOptions } from './checkOptions.ts';
import { CommandError } from './commandLine/commandError.ts';
import type { OptionValues } from './commandLine/options.ts';
import { readOptions } from './commandLine/options.ts';
import type { Host, Verb } from './commandLine/verb.ts';
import { diff } from './output/diff.ts';
import { fixList } from './output/fixList.ts';
import { formats } from './output/formats.ts';
import type { Report } from './output/outputFormat.ts';
import { statistics } from './output/statistics.ts';
import { useColor } from './output/style.ts';
import { plural } from './output/summary.ts';
import { readConfiguration } from './readConfiguration.ts';
import type { Job, RunOptions } from './run/job.ts';
import { showProgress } from './run/progress.ts';
import { runJobs } from './run/runJobs.ts';

type Options = OptionValues<typeof checkOptions>;

export const check: Verb = {
  name: 'check',
  usage: '[PATH…] [options]',
  summary: 'Check files and folders, and fix what can be fixed',
  details:
    'A folder means every .py, .pyi and .ipynb below it; without a path the current folder is checked. Settings come from smelt.toml or [tool.smelt] in pyproject.toml; `smelt config` lists them.',
  options: checkOptions,
  completes: 'files',
  run: async (args, host) => {
    const { values, positionals } = readOptions(args, checkOptions);
    const paths = positionals.length === 0 ? ['.'] : positionals;
    refuseNonsense(values, paths);
    if (values.watch !== true) return checkOnce(values, paths, host);
    // It needs a library that most runs do not.
    const { watch } = await import('./run/watch.ts');
    return watch([...paths, ...settingsAbove(values, paths)], async () => {
      try {
        await checkOnce(values, paths, host);
      } catch (error) {
        // Such as settings that are being typed: the next change may mend them.
        if (!(error instanceof CommandError)) throw error;
        process.stderr.write(`smelt: ${error.message}\n`);
      }
    });
  },
};

/** The settings files that count for the paths without lying below them. */
function settingsAbove(values: Options, paths: readonly string[]): string[] {
  if (values.config !== undefined && existsSync(values.config)) return [values.config];
  const configuration = readConfiguration(values);
  return paths.flatMap((path) => configuration.fileFor(resolve(path))?.path ?? []);
}

/** Options that say the opposite of each other. */
const exclusive: readonly (readonly [keyof Options, keyof Options])[] = [
  ['add-noqa', 'fix'],
  ['add-noqa', 'diff'],
  ['diff', 'statistics'],
  ['add-noqa', 'ignore-noqa'],
  ['watch', 'diff'],
  ['watch', 'add-noqa'],
];

function refuseNonsense(values: Options, paths: readonly string[]): void {
  for (const [one, other] of exclusive) {
    if (values[one] === true && values[other] === true)
      throw new CommandError(`--${one} and --${other} exclude each other`);
  }
  if (!paths.includes('-')) {
    if (values['stdin-filename'] !== undefined)
      throw new CommandError('--stdin-filename needs the path -');
    return;
  }
  if (paths.length > 1) throw new CommandError('- is the only path when it is there');
  if (values.watch === true || values['add-noqa'] === true)
    throw new CommandError('standard input can be neither watched nor changed');
}

async function checkOnce(values: Options, paths: readonly string[], host: Host): Promise<number> {
  const configuration = readConfiguration(values);
  const here = resolve('.');
  const format = (configuration.valueOf(here, 'output-format') ?? 'full') as OutputFormatName;
  const fromInput = paths.includes('-');
  const found = fromInput
    ? { files: inputFile(values, configuration), problems: [] }
    : findFiles(paths, configuration);
  const options = runOptions(values, configuration, here, fromInput);
  const { files } = found;
  const problems: string[] = [...found.problems];
  const say = (text: string): void => print(text, values);

  const environments = new PythonEnvironments();
  const jobs: Job[] = files.map((path) => {
    const settings = configuration.settingsFor(path);
    const installed = environments.of(dirname(path), null);
    const lint =
      values['ignore-noqa'] === true
        ? { ...settings.lint, ignoreSuppressions: true }
        : settings.lint;
    return { path, lint, environment: targetEnvironment(installed, settings) };
  });
  problems.unshift(...configuration.problems().map(problemLine));
  if (values['show-files'] === true) {
    say(files.map((file) => `${file}\n`).join(''));
    return complain(problems, values) ? 2 : 0;
  }
  if (values['show-settings'] === true) {
    say(settingsText(files[0] ?? here, configuration));
    return complain(problems, values) ? 2 : 0;
  }
  const input = fromInput ? await readInput() : null;
  if (input !== null && jobs[0] !== undefined) jobs[0] = { ...jobs[0], text: input.text };

  const uncached = options.cache === null ? null : cacheProblem(here, configuration);
  if (uncached !== null) problems.push(uncached);
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  };
  process.on('SIGINT', onInterrupt);
  const progress = showProgress(jobs.length, values.quiet === true || values.silent === true);
  const checked = await runJobs(jobs, {
    options: uncached === null ? options : { ...options, cache: null },
    firstThread: host.firstThread,
    startThread: host.startThread,
    onDone: progress.step,
    signal: interrupt.signal,
  });
  progress.end();
  process.off('SIGINT', onInterrupt);
  for (const file of checked) problems.push(...file.problems);

  const report: Report = {
    files: checked,
    allow: options.allow,
    quiet: values.quiet === true,
    color: wantsColor(values),
  };
  const findings = checked.reduce((sum, file) => sum + file.findings.length, 0);
  const fixed = checked.flatMap((file) => Object.values(file.fixed)).reduce((a, b) => a + b, 0);
  if (interrupt.signal.aborted) {
    process.stderr.write(`smelt: interrupted after ${checked.length} of ${jobs.length} files\n`);
    return 130;
  }
  const failed = complain(problems, values);
  if (values.quiet !== true) {
    const warnings = checked.flatMap((file) => file.warnings);
    complain(
      warnings.map((warning) => `warning: ${warning}`),
      values,
    );
  }
  if (options.action === 'suppress') {
    say(`Added ${plural(fixed, 'noqa comment')}.\n`);
    return failed ? 2 : 0;
  }
  if (options.action === 'preview' && values.diff === true) {
    say(diff(report));
    // The diff itself can be given to patch.
    if (values.quiet !== true && values.silent !== true)
      process.stderr.write(
        fixed === 0 ? 'Nothing to fix.\n' : `Would fix ${plural(fixed, 'finding')}.\n`,
      );
    if (failed) return 2;
    return fixed > 0 && values['exit-zero'] !== true ? 1 : 0;
  }
  // The fixed text has standard output, so that what is left goes to the other one.
  if (input !== null && options.action === 'preview')
    printBytes(input.encode(checked[0]?.change?.after ?? input.text), values);
  const tell = input !== null && options.action === 'preview' ? sayAside(values) : say;
  if (values['show-fixes'] === true) process.stderr.write(fixList(report));
  if (values['fix-only'] === true) {
    if (values.quiet !== true && fixed > 0) tell(`Fixed ${plural(fixed, 'finding')}.\n`);
  } else if (values.statistics === true) tell(statistics(report, format));
  else tell(formats[format](report));
  if (failed) return 2;
  if (values['exit-non-zero-on-fix'] === true && fixed > 0) return 1;
  if (values['exit-zero'] === true || values['fix-only'] === true) return 0;
  return findings > 0 ? 1 : 0;
}

function runOptions(
  values: Options,
  configuration: Configuration,
  here: string,
  fromInput: boolean,
): RunOptions {
  const fixes = (configuration.valueOf(here, 'fix') ?? false) || values['fix-only'] === true;
  const preview = values.diff === true || (fixes && fromInput);
  return {
    action: values['add-noqa'] === true ? 'suppress' : preview ? 'preview' : fixes ? 'fix' : 'show',
    allow: configuration.valueOf(here, 'unsafe-fixes') === true ? 'unsafe' : 'safe',
    cache: fromInput || values['no-cache'] === true ? null : cacheFolder(here, configuration),
  };
}

/** Everything printed goes here. */
const print = (text: string, values: Options): void =>
  printBytes(values['output-file'] === undefined ? text : stripVTControlCharacters(text), values);

function printBytes(content: string | Uint8Array, values: Options): void {
  const file = values['output-file'];
  if (file !== undefined) {
    try {
      makeFolder(dirname(resolve(file)));
      writeFileSync(file, content);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new CommandError(`cannot write ${file}: ${writeReasons[code ?? ''] ?? message}`);
    }
  } else if (values.silent !== true) process.stdout.write(content);
}

const writeReasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'a file is where its folder has to be',
  EISDIR: 'it is a folder',
  ENOSPC: 'no space is left',
  ENOTDIR: 'a file is where its folder has to be',
  EROFS: 'the disk is read-only',
};

const sayAside =
  (values: Options) =>
  (text: string): void => {
    if (values.silent !== true) process.stderr.write(text);
  };

function complain(problems: readonly string[], values: Options): boolean {
  if (values.silent !== true)
    for (const problem of new Set(problems)) process.stderr.write(`smelt: ${problem}\n`);
  return problems.length > 0;
}

function problemLine({ path, line, column, message }: SettingsProblem): string {
  const place = line === null ? '' : `:${line}:${column}`;
  return `${relative('.', path)}${place}: ${message}`;
}

const wantsColor = ({ color = 'auto', 'output-file': file }: Options): boolean =>
  color === 'auto' ? file === undefined && useColor(process.stdout) : color === 'always';

/** The name that standard input goes by; none where the settings leave it out. */
function inputFile(values: Options, configuration: Configuration): string[] {
  const path = resolve(values['stdin-filename'] ?? 'stdin.py');
  const forced = configuration.valueOf(dirname(path), 'force-exclude') === true;
  return forced && configuration.excludesWithParents(path) ? [] : [path];
}

async function readInput(): Promise<Source> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  try {
    return sourceOf(Buffer.concat(chunks));
  } catch (error) {
    throw new CommandError(`cannot read standard input: ${(error as Error).message}`);
  }
}

/** What counts for one file, as TOML comments and values. */
function settingsText(path: string, configuration: Configuration): string {
  const folder = dirname(path);
  const { lint, targets } = configuration.settingsFor(path);
  const file = configuration.fileFor(folder);
  const lines = settingNames.flatMap((name) => {
    const value = configuration.valueOf(folder, name);
    return value === undefined ? [] : [`${name} = ${JSON.stringify(value)}`];
  });
  return [
    `# ${path}`,
    `# settings file: ${file?.path ?? 'none'}`,
    ...lines,
    `# rules that are off: ${lint.ignore.join(', ') || 'none'}`,
    `# versions: ${JSON.stringify(targets)}`,
    '',
  ].join('\n');
}

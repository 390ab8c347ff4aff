import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigurationOptions } from '../files/configuration.ts';
import { Configuration } from '../files/configuration.ts';
import { readSettingsFile } from '../files/settingsFile.ts';
import type { SettingValues } from '../files/settingsTable.ts';
import { isSetting, readValues } from '../files/settingsValues.ts';
import { readToml } from '../files/toml.ts';
import type { checkOptions } from './checkOptions.ts';
import { CommandError } from './commandLine/commandError.ts';
import type { OptionValues } from './commandLine/options.ts';

type Options = OptionValues<typeof checkOptions>;

/** The settings files that count for a command line, and what it says over them. */
export function readConfiguration(options: Options): Configuration {
  const inline = options.config !== undefined && isInline(options.config) ? options.config : null;
  const overrides = [
    ...(inline === null ? [] : [{ root: resolve('.'), values: inlineValues(inline) }]),
    { root: resolve('.'), values: optionValues(options) },
  ];
  return new Configuration({ ...fileOption(options, inline !== null), overrides });
}

const isInline = (config: string): boolean => config.includes('=') && !existsSync(config);

function fileOption({ config, isolated }: Options, inline: boolean): ConfigurationOptions {
  if (isolated === true) {
    if (config !== undefined && !inline)
      throw new CommandError('--config FILE and --isolated exclude each other');
    return { file: null };
  }
  if (config === undefined || inline) return {};
  const file = readSettingsFile(resolve(config));
  if (file === null) throw new CommandError(`${config} has no table [tool.smelt]`);
  const [problem] = file.problems;
  if (problem?.line === null) throw new CommandError(`--config: ${config} ${problem.message}`);
  // As for options, patterns are relative to the current folder.
  return { file: { ...file, root: resolve('.') } };
}

/** Reads `--config 'name = value'`. */
function inlineValues(text: string): SettingValues {
  const read = readToml(text);
  if (!read.ok) throw new CommandError(`--config: "${text}" is ${read.message}`);
  return valuesOf(read.document.value, '--config: ');
}

/** The options that are settings. */
function optionValues(options: Options): SettingValues {
  const table = Object.fromEntries(
    Object.entries(options).filter(([name]) => isSetting(name) && name !== 'per-file-ignores'),
  );
  const ignores = options['per-file-ignores'];
  return valuesOf(
    ignores === undefined ? table : { ...table, 'per-file-ignores': patternTable(ignores) },
    '--',
  );
}

function valuesOf(table: unknown, prefix: string): SettingValues {
  const { values, problems } = readValues(table);
  const [problem] = problems;
  if (problem === undefined) return values;
  const { path, message } = problem;
  const name = message.startsWith('"') ? `${String(path[0])}: ` : '';
  throw new CommandError(`${prefix}${name}${message}`);
}

function patternTable(entries: readonly string[]): Record<string, string[]> {
  const table: Record<string, string[]> = {};
  for (const entry of entries) {
    const colon = entry.lastIndexOf(':');
    if (colon < 1)
      throw new CommandError(`--per-file-ignores: "${entry}" is not of the form PATTERN:RULE`);
    const pattern = entry.slice(0, colon);
    table[pattern] = [...(table[pattern] ?? []), entry.slice(colon + 1)];
  }
  return table;
}

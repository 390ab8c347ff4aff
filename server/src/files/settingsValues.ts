import { valid } from '@renovatebot/pep440';
import { rules } from '../engine/registry.gen.ts';
import { namesRule } from '../engine/selectRules.ts';
import { didYouMean } from './closest.ts';
import type { SettingName, SettingTypes, SettingValues } from './settingsTable.ts';
import { outputFormats, settingNames, settingsTable } from './settingsTable.ts';

/** What is wrong with a value, and where below the setting. */
export interface ValueProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface ReadValues {
  /** What is right; the rest is left out. */
  readonly values: SettingValues;
  readonly problems: readonly ValueProblem[];
}

type Complain = (message: string, ...path: readonly (string | number)[]) => undefined;

type Reader<T> = (value: unknown, complain: Complain) => T | undefined;

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Names and codes of all rules. */
export const ruleWords = (): string[] => [
  'ALL',
  ...rules.flatMap(({ meta }) => [meta.code, meta.name]),
];

function unknownRule(entry: string): string | null {
  if (rules.some((rule) => namesRule(entry, rule))) return null;
  return `"${entry}" is no rule, code or beginning of codes.${didYouMean(entry, ruleWords()) || ' `smelt rules` lists all of them.'}`;
}

const readRules: Reader<readonly string[]> = (value, complain) => {
  if (!Array.isArray(value)) return complain('must be a list of rules');
  return value.filter((entry, i): entry is string => {
    if (typeof entry !== 'string')
      return complain('must be a string that names a rule', i) ?? false;
    const wrong = unknownRule(entry);
    if (wrong !== null) complain(wrong, i);
    return wrong === null;
  });
};

const readPatterns: Reader<readonly string[]> = (value, complain) => {
  if (!Array.isArray(value)) return complain('must be a list of patterns');
  return value.filter(
    (entry, i): entry is string =>
      typeof entry === 'string' || (complain('must be a string', i) ?? false),
  );
};

const readVersion: Reader<string> = (value, complain) =>
  typeof value === 'string' && valid(value) !== null
    ? value
    : complain('must be a version in quotes, such as "2.8"');

function readTable<T>(
  value: unknown,
  complain: Complain,
  readEntry: Reader<T>,
  what: string,
): Readonly<Record<string, T>> | undefined {
  if (!isTable(value)) return complain(`must be a table of ${what}`);
  const entries = Object.entries(value).flatMap(([key, entry]) => {
    const read = readEntry(entry, (message, ...path) => complain(message, key, ...path));
    return read === undefined ? [] : [[key, read] as const];
  });
  return Object.fromEntries(entries);
}

const readers: { readonly [K in keyof SettingTypes]: Reader<SettingTypes[K]> } = {
  rules: readRules,
  patterns: readPatterns,
  rulesByPattern: (value, complain) =>
    readTable(value, complain, readRules, 'patterns and their lists of rules'),
  version: readVersion,
  versions: (value, complain) => readTable(value, complain, readVersion, 'names and versions'),
  boolean: (value, complain) =>
    typeof value === 'boolean' ? value : complain('must be true or false'),
  format: (value, complain) =>
    outputFormats.find((format) => format === value) ??
    complain(
      `must be one of ${outputFormats.join(', ')}.${didYouMean(String(value), outputFormats)}`,
    ),
  folder: (value, complain) =>
    typeof value === 'string' && value !== '' ? value : complain('must be the path of a folder'),
  file: (value, complain) =>
    typeof value === 'string' && value !== '' ? value : complain('must be the path of a file'),
};

/** Reads a table of settings. What is wrong is told and left out, so that the rest still counts. */
export function readValues(table: unknown): ReadValues {
  const problems: ValueProblem[] = [];
  if (!isTable(table)) {
    return { values: {}, problems: [{ path: [], message: 'must be a table of settings' }] };
  }
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, value] of Object.entries(table)) {
    if (!isSetting(name)) {
      const message = `unknown setting "${name}".${didYouMean(name, settingNames) || ' `smelt config` lists all of them.'}`;
      problems.push({ path: [name], message });
      continue;
    }
    const read = readers[settingsTable[name].type](value, (message, ...path) => {
      problems.push({
        path: [name, ...path],
        message: `${path.length > 0 && message.startsWith('"') ? '' : `${name} `}${message}`,
      });
      return undefined;
    });
    if (read !== undefined) values[name] = read;
  }
  return { values: values as SettingValues, problems };
}

export const isSetting = (name: string): name is SettingName => Object.hasOwn(settingsTable, name);

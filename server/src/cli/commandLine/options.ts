import { parseArgs } from 'node:util';
import { didYouMean } from '../../files/closest.ts';
import { CommandError } from './commandError.ts';

/** One option of a verb; help, parser and shell completion are made from it. */
export interface OptionEntry {
  /** `list`: may be repeated, and its values are separated by commas. */
  readonly type: 'boolean' | 'string' | 'list';
  readonly help: string;
  readonly short?: string;
  /** How help calls the value; `FILE` and `FOLDER` complete as paths. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** `--no-…` is there too. */
  readonly negatable?: true;
}

export type OptionTable = Readonly<Record<string, OptionEntry>>;

type ValueOf<E extends OptionEntry> = E['type'] extends 'boolean'
  ? boolean
  : E['type'] extends 'list'
    ? readonly string[]
    : string;

export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]?: ValueOf<T[K]> };

export interface ReadOptions<T extends OptionTable> {
  readonly values: OptionValues<T>;
  readonly positionals: readonly string[];
}

export const helpOption = {
  help: { type: 'boolean', short: 'h', help: 'show this help' },
} as const satisfies OptionTable;

/** Reads a command line. Throws a CommandError with one sentence for what is wrong in it. */
export function readOptions<const T extends OptionTable>(
  args: readonly string[],
  table: T,
): ReadOptions<T> {
  const names = Object.entries(table).flatMap(([name, { negatable }]) =>
    negatable === true ? [name, `no-${name}`] : [name],
  );
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      names.map((name) => {
        const entry = table[name];
        const type = entry === undefined || entry.type === 'boolean' ? 'boolean' : 'string';
        return [name, { type, ...(entry?.short === undefined ? {} : { short: entry.short }) }];
      }),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, boolean | string | readonly string[]> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!names.includes(name)) {
      const meant = didYouMean(
        rawName,
        names.map((known) => `--${known}`),
      );
      throw new CommandError(`unknown option ${rawName}.${meant}`);
    }
    const entry = table[name];
    if (entry === undefined || entry.type === 'boolean') {
      if (value !== undefined) throw new CommandError(`${rawName} takes no value`);
      values[entry === undefined ? name.slice('no-'.length) : name] = entry !== undefined;
      continue;
    }
    if (value === undefined || (value.startsWith('-') && value !== '-' && !token.inlineValue))
      throw new CommandError(`${rawName} needs a value: ${entry.value ?? 'TEXT'}`);
    if (entry.choices !== undefined && !entry.choices.includes(value)) {
      throw new CommandError(
        `${rawName}: "${value}" is none of ${entry.choices.join(', ')}.${didYouMean(value, entry.choices)}`,
      );
    }
    values[name] =
      entry.type === 'list' ? [...((values[name] as string[]) ?? []), ...parts(value)] : value;
  }
  return { values: values as OptionValues<T>, positionals };
}

const parts = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The options as help shows them. */
export function optionHelp(table: OptionTable): string {
  const rows = Object.entries(table).map(([name, { short, value, choices, negatable, help }]) => {
    const long = `--${negatable === true ? '[no-]' : ''}${name}`;
    const shown = `${short === undefined ? '    ' : `-${short}, `}${long}${value === undefined ? '' : ` ${value}`}`;
    return [shown, choices === undefined ? help : `${help}: ${choices.join(', ')}`] as const;
  });
  const width = Math.min(30, Math.max(...rows.map(([shown]) => shown.length)));
  return rows
    .map(([shown, help]) =>
      shown.length > width
        ? `  ${shown}\n  ${' '.repeat(width)}  ${help}`
        : `  ${shown.padEnd(width)}  ${help}`,
    )
    .join('\n');
}

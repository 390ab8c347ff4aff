import type { Connection } from 'vscode-languageserver';
import type { ServerSettings } from '../protocol/messages.ts';
import { defaultServerSettings, lazinessHints, valueHints } from '../protocol/messages.ts';

/** Reads `smelt.*` from the client; whatever is not as it should be keeps its default, with one log line. */
export async function readSettings(
  connection: Connection,
  supported: boolean,
  initial: unknown,
): Promise<ServerSettings> {
  const raw = supported ? await connection.workspace.getConfiguration('smelt') : initial;
  return parseSettings(raw, (message) => connection.console.warn(message));
}

type Warn = (message: string) => void;

function parseSettings(raw: unknown, warn: Warn): ServerSettings {
  const defaults = defaultServerSettings;
  const all = section(raw, 'smelt', warn);
  const lint = section(all['lint'], 'smelt.lint', warn);
  const hover = section(all['hover'], 'smelt.hover', warn);
  const lens = section(all['codeLens'], 'smelt.codeLens', warn);
  const hints = section(all['inlayHints'], 'smelt.inlayHints', warn);
  return {
    lint: {
      enable: flag(lint, 'smelt.lint', 'enable', defaults.lint.enable, warn),
      select: strings(lint, 'select', warn),
      ignore: strings(lint, 'ignore', warn),
      configuration: text(lint, 'configuration', warn),
    },
    codeLens: {
      timedWindows: flag(
        lens,
        'smelt.codeLens',
        'timedWindows',
        defaults.codeLens.timedWindows,
        warn,
      ),
    },
    hover: {
      values: flag(hover, 'smelt.hover', 'values', defaults.hover.values, warn),
      names: flag(hover, 'smelt.hover', 'names', defaults.hover.names, warn),
    },
    inlayHints: {
      laziness: choice(hints, 'laziness', lazinessHints, defaults.inlayHints.laziness, warn),
      values: choice(hints, 'values', valueHints, defaults.inlayHints.values, warn),
    },
  };
}

type Section = Readonly<Record<string, unknown>>;

function section(value: unknown, name: string, warn: Warn): Section {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object') return value as Section;
  warn(`${name} is not an object: defaults are used.`);
  return {};
}

function flag(given: Section, of: string, name: string, otherwise: boolean, warn: Warn): boolean {
  const value = given[name];
  if (value === undefined || value === null || typeof value === 'boolean')
    return value ?? otherwise;
  warn(`${of}.${name} is not true or false: it is ignored.`);
  return otherwise;
}

function strings(given: Section, name: 'select' | 'ignore', warn: Warn): readonly string[] {
  const value = given[name];
  const otherwise = defaultServerSettings.lint[name];
  if (value === undefined || value === null) return otherwise;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  warn(`smelt.lint.${name} is not a list of strings: it is ignored.`);
  return otherwise;
}

function text(given: Section, name: 'configuration', warn: Warn): string {
  const value = given[name];
  const otherwise = defaultServerSettings.lint[name];
  if (value === undefined || value === null || typeof value === 'string') return value ?? otherwise;
  warn(`smelt.lint.${name} is not a path: it is ignored.`);
  return otherwise;
}

function choice<T extends string>(
  given: Section,
  name: string,
  choices: readonly T[],
  otherwise: T,
  warn: Warn,
): T {
  const value = given[name];
  const chosen = choices.find((each) => each === value);
  if (chosen !== undefined || value === undefined || value === null) return chosen ?? otherwise;
  warn(`smelt.inlayHints.${name} is none of ${choices.join(', ')}: it is ignored.`);
  return otherwise;
}

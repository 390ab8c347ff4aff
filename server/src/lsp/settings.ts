import type { Connection } from 'vscode-languageserver';
import type { ServerSettings } from '../protocol/messages.ts';
import { defaultServerSettings } from '../protocol/messages.ts';

/** Reads `smelt.*` from the client; whatever is not as it should be keeps its default, with one log line. */
export async function readSettings(
  connection: Connection,
  supported: boolean,
  initial: unknown,
): Promise<ServerSettings> {
  const raw = supported ? await connection.workspace.getConfiguration('smelt') : initial;
  return parseSettings(raw, (message) => connection.console.warn(message));
}

export function parseSettings(raw: unknown, warn: (message: string) => void): ServerSettings {
  if (raw === null || raw === undefined) return defaultServerSettings;
  const lint = typeof raw === 'object' ? (raw as { lint?: unknown }).lint : undefined;
  if (lint === undefined || lint === null) return defaultServerSettings;
  if (typeof lint !== 'object') {
    warn('smelt.lint is not an object: defaults are used.');
    return defaultServerSettings;
  }
  const given = lint as Record<string, unknown>;
  const strings = (name: 'select' | 'ignore'): readonly string[] => {
    const value = given[name];
    if (value === undefined || value === null) return defaultServerSettings.lint[name];
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
    warn(`smelt.lint.${name} is not a list of strings: it is ignored.`);
    return defaultServerSettings.lint[name];
  };
  const enable = given.enable;
  if (enable !== undefined && typeof enable !== 'boolean')
    warn('smelt.lint.enable is not true or false: it is ignored.');
  return {
    lint: {
      enable: typeof enable === 'boolean' ? enable : defaultServerSettings.lint.enable,
      select: strings('select'),
      ignore: strings('ignore'),
    },
  };
}

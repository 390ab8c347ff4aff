import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SettingValues } from './settingsTable.ts';
import { readValues } from './settingsValues.ts';
import { readToml } from './toml.ts';

/** Settings with the folder that their patterns are relative to. */
export interface SettingsLayer {
  readonly root: string;
  readonly values: SettingValues;
}

export interface SettingsProblem {
  readonly path: string;
  /** From 1; null when the file cannot be read at all. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

export interface SettingsFile extends SettingsLayer {
  readonly path: string;
  readonly problems: readonly SettingsProblem[];
}

/** In one folder the first of them that has settings counts. */
export const settingsFileNames = ['.smelt.toml', 'smelt.toml', 'pyproject.toml'] as const;

/** The settings of a file; null when it is a pyproject.toml without `[tool.smelt]`. */
function parseSettingsFile(path: string, text: string): SettingsFile | null {
  const root = dirname(path);
  const isProject = path.endsWith('pyproject.toml');
  // Most of them say nothing to Smelt; their mistakes are for others to tell.
  if (isProject && !/\bsmelt\b/.test(text)) return null;
  const read = readToml(text);
  if (!read.ok) {
    const { message, line, column } = read;
    return { path, root, values: {}, problems: [{ path, line, column, message }] };
  }
  const { value, positionOf } = read.document;
  const prefix = isProject ? ['tool', 'smelt'] : [];
  const table = isProject
    ? (value.tool as Readonly<Record<string, unknown>> | undefined)?.smelt
    : value;
  if (table === undefined) return null;
  const { values, problems } = readValues(table);
  return {
    path,
    root,
    values,
    problems: problems.map(({ path: at, message }) => ({
      path,
      ...positionOf([...prefix, ...at]),
      message,
    })),
  };
}

/** Reads a settings file that was named; whatever its name, its settings are at the top unless it is a pyproject.toml. */
export function readSettingsFile(path: string): SettingsFile | null {
  try {
    return parseSettingsFile(path, readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : (code ?? message);
    const problem = { path, line: null, column: null, message: `cannot be read: ${why}` };
    return { path, root: dirname(path), values: {}, problems: [problem] };
  }
}

/** Below a file there is none: Node 20 throws there, also where it was told not to (24 does not). */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The settings file of the folder itself; null when it has none. */
export function settingsFileIn(folder: string): SettingsFile | null {
  for (const name of settingsFileNames) {
    const path = join(folder, name);
    if (!isFile(path)) continue;
    const file = readSettingsFile(path);
    if (file !== null) return file;
  }
  return null;
}

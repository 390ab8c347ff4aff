import type { Dirent, Stats } from 'node:fs';
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Configuration } from './configuration.ts';
import { fileKind } from './fileKinds.ts';
import { GitIgnore } from './gitIgnore.ts';

export interface FoundFiles {
  /** Absolute paths, sorted, each once. */
  readonly files: readonly string[];
  /** One sentence for each path that could not be read. */
  readonly problems: readonly string[];
}

/**
 * Files that are named, and those of a known kind below folders, without what the settings and
 * .gitignore leave out. Links to folders are not followed.
 */
export function findFiles(paths: readonly string[], configuration: Configuration): FoundFiles {
  const files = new Set<string>();
  const problems: string[] = [];

  const visit = (folder: string, git: GitIgnore | null): void => {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      problems.push(`cannot read ${folder}: ${code ?? message}`);
      return;
    }
    // Virtual environments, whatever they are called.
    if (entries.some(({ name }) => name === 'pyvenv.cfg' || name === 'conda-meta')) return;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const isDirectory = entry.isDirectory();
      if (!isDirectory && fileKind(path) === null) continue;
      if (configuration.excludes(path) || git?.ignores(path, isDirectory) === true) continue;
      if (isDirectory) visit(path, git === null ? null : git.in(path));
      else if (entry.name.includes('\ufffd'))
        problems.push(`cannot read ${path}: its name is not UTF-8`);
      else if (entry.isFile() || (entry.isSymbolicLink() && mayBeFile(path))) files.add(path);
    }
  };

  for (const given of paths) {
    const path = resolve(given);
    if (!isThere(path)) {
      problems.push(`cannot read ${given}: there is no such file or folder`);
      continue;
    }
    const forced = configuration.valueOf(path, 'force-exclude') === true;
    if (forced && configuration.excludesWithParents(path)) continue;
    if (!isFolder(path)) {
      files.add(path);
      continue;
    }
    const respects = configuration.valueOf(path, 'respect-gitignore') ?? true;
    visit(path, respects ? GitIgnore.at(path) : null);
  }
  return { files: [...files].sort(), problems };
}

/** A link to a file, or to nothing, which is worth saying; from a pipe nothing may ever come. */
const mayBeFile = (path: string): boolean => statOf(path)?.isFile() ?? true;

const isFolder = (path: string): boolean => statOf(path)?.isDirectory() ?? false;

/** Also a link to nothing. */
const isThere = (path: string): boolean => statOf(path, lstatSync) !== null;

/** null: it is not there, or cannot be asked for. */
function statOf(path: string, ask: (path: string) => Stats = statSync): Stats | null {
  try {
    return ask(path);
  } catch {
    return null;
  }
}

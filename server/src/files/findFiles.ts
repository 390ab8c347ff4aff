import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
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
export async function findFiles(
  paths: readonly string[],
  configuration: Configuration,
): Promise<FoundFiles> {
  const files = new Set<string>();
  const problems: string[] = [];

  const visit = async (folder: string, git: GitIgnore | null): Promise<void> => {
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
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
      if (isDirectory) await visit(path, git === null ? null : git.in(path));
      else if (entry.name.includes('\ufffd'))
        problems.push(`cannot read ${path}: its name is not UTF-8`);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await mayBeFile(path))))
        files.add(path);
    }
  };

  for (const given of paths) {
    const path = resolve(given);
    if ((await lstat(path).catch(() => null)) === null) {
      problems.push(`cannot read ${given}: there is no such file or folder`);
      continue;
    }
    const forced = configuration.valueOf(path, 'force-exclude') === true;
    if (forced && configuration.excludesWithParents(path)) continue;
    if (!(await isFolder(path))) {
      files.add(path);
      continue;
    }
    const respects = configuration.valueOf(path, 'respect-gitignore') ?? true;
    await visit(path, respects ? GitIgnore.at(path) : null);
  }
  return { files: [...files].sort(), problems };
}

/** A link to a file, or to nothing, which is worth saying; from a pipe nothing may ever come. */
async function mayBeFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found === null || found.isFile();
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

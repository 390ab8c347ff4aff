import { lstat, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Folders whose code is not the user's own. */
const skippedFolders = new Set([
  'node_modules',
  'venv',
  'site-packages',
  '__pycache__',
  'build',
  'dist',
  '__pypackages__',
]);

const isChecked = (name: string): boolean => /\.(py|pyi|ipynb)$/.test(name);

export interface FoundFiles {
  /** Absolute paths, sorted, each once. */
  readonly files: readonly string[];
  /** One sentence for each path that could not be read. */
  readonly problems: readonly string[];
}

/** Files given by name, and Python files and notebooks below folders. Links to folders are not followed. */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files = new Set<string>();
  const problems: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        problems.push(`cannot read ${folder}: ${error.code ?? error.message}`);
        return [];
      },
    );
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && !skippedFolders.has(entry.name)) await visit(path);
      } else if (isChecked(entry.name) && !(entry.isSymbolicLink() && (await isFolder(path)))) {
        files.add(path);
      }
    }
  };
  for (const given of paths) {
    const path = resolve(given);
    const found = await lstat(path).catch(() => null);
    if (found === null) problems.push(`cannot read ${given}: there is no such file or folder`);
    else if (await isFolder(path)) await visit(path);
    else files.add(path);
  }
  return { files: [...files].sort(), problems };
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

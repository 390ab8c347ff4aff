import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The Python that a setting means: people write `~`, `${workspaceFolder}`, paths from their folder on, and the folder of
 * an environment. A bare name is left to the PATH.
 */
export function interpreterPath(written: string, folder: string | undefined, home: string): string {
  const named = written
    .replace(/^~(?=[\\/]|$)/, home)
    .replaceAll(workspaceFolder, folder ?? workspaceFolder);
  const inside = folder === undefined ? named : resolve(folder, named);
  if (isFolder(inside))
    return process.platform === 'win32'
      ? join(inside, 'Scripts', 'python.exe')
      : join(inside, 'bin', 'python');
  return /[\\/]/.test(named) ? inside : named;
}

const workspaceFolder = '${workspaceFolder}';

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

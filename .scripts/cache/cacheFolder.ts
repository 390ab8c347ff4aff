import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's cache folder: downloads and environments of every clone, keyed by version. */
export const cacheFolder = (): string => {
  const base =
    process.platform === 'darwin'
      ? join(homedir(), 'Library', 'Caches')
      : (process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'));
  return join(base, 'smelt');
};

const stamp = '.complete';

/**
 * A folder of the cache, made by `fill` when it is not there. It is filled in its final place, as
 * virtual environments must be, and counts only when it was finished.
 */
export async function cached(
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheFolder(), key);
  if (existsSync(join(folder, stamp))) return folder;
  if (existsSync(folder)) {
    const old = `${folder}.old-${process.pid}`;
    renameSync(folder, old);
    rmSync(old, { recursive: true, force: true });
  }
  mkdirSync(folder, { recursive: true });
  await fill(folder);
  writeFileSync(join(folder, stamp), '');
  return folder;
}

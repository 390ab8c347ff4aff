import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Configuration } from '../files/configuration.ts';

/** Where results are kept: as the settings say, else beside the settings file, the repository or here. */
export function cacheFolder(here: string, configuration: Configuration): string {
  const given = configuration.valueOf(here, 'cache-dir') ?? process.env.SMELT_CACHE_DIR;
  const file = configuration.fileFor(here);
  if (given !== undefined && given !== '')
    return resolve(file?.root ?? here, given.replace(/^~(?=\/|$)/, homedir()));
  return join(file?.root ?? repositoryOf(here) ?? here, '.smelt_cache');
}

function repositoryOf(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) return folder;
  return dirname(folder) === folder ? null : repositoryOf(dirname(folder));
}

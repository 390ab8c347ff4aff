import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Configuration } from '../files/configuration.ts';
import { makeFolder } from '../files/makeFolder.ts';

/** Where results are kept: as the settings say, else beside the settings file, the repository or here. */
export function cacheFolder(here: string, configuration: Configuration): string {
  const given = namedCacheFolder(here, configuration);
  const file = configuration.fileFor(here);
  if (given !== undefined && given !== '')
    return resolve(file?.root ?? here, given.replace(/^~(?=\/|$)/, homedir()));
  return join(file?.root ?? repositoryOf(here) ?? here, '.smelt_cache');
}

const namedCacheFolder = (here: string, configuration: Configuration): string | undefined =>
  configuration.valueOf(here, 'cache-dir') ?? process.env.SMELT_CACHE_DIR;

/** Makes the folder that somebody has named; returns what keeps it from being one. Where nobody has, a run does without. */
export function cacheProblem(here: string, configuration: Configuration): string | null {
  if (!namedCacheFolder(here, configuration)) return null;
  const folder = cacheFolder(here, configuration);
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    if (statSync(folder).isDirectory()) return null;
    return `cannot keep results in ${folder}: it is a file`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return `cannot keep results in ${folder}: ${why.get(code ?? '') ?? message}`;
  }
}

const why: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no folder can be made there'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['EACCES', 'it may not be written'],
  ['EPERM', 'it may not be written'],
  ['EROFS', 'it may not be written'],
  ['ENOSPC', 'the disk is full'],
]);

function repositoryOf(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) return folder;
  return dirname(folder) === folder ? null : repositoryOf(dirname(folder));
}

import { existsSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Configuration } from '../files/configuration.ts';
import { cacheFolder } from './cacheFolder.ts';
import { CommandError } from './commandLine/commandError.ts';
import { helpOption, readOptions } from './commandLine/options.ts';
import type { Verb } from './commandLine/verb.ts';

const options = {
  'cache-dir': { type: 'string', value: 'FOLDER', help: 'the folder that check was given' },
  ...helpOption,
} as const;

export const clean: Verb = {
  name: 'clean',
  usage: '[FOLDER…] [options]',
  summary: 'Remove the results that check keeps between runs',
  options,
  completes: 'files',
  run: async (args) => {
    const { values, positionals } = readOptions(args, options);
    const given = values['cache-dir'];
    for (const path of positionals.length === 0 ? ['.'] : positionals) {
      const folder = given ? resolve(given) : cacheFolder(resolve(path), new Configuration());
      if (!existsSync(folder)) continue;
      // Whatever else the name of a cache may lead to stays.
      if (!existsSync(join(folder, 'CACHEDIR.TAG')))
        throw new CommandError(`${folder} is no cache of Smelt: it has no CACHEDIR.TAG`);
      rmSync(folder, { recursive: true, force: true });
      process.stdout.write(`Removed ${relative('.', folder) || folder}\n`);
    }
    return 0;
  },
};

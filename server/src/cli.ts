import type { Dirent } from 'node:fs';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { runProgram } from './cliProgram.ts';
import { beside, runCompiled } from './runCompiled.ts';

const args = process.argv.slice(2);

/** Files that are enough for two threads, and folders that are looked into to find so many. */
const enough = 40;
const maximumFolders = 20;

/** A guess: it costs a thread for nothing, or one that starts a little later. */
function mayBeMuch([verb, ...rest]: readonly string[]): boolean {
  const given = rest.filter((arg) => !arg.startsWith('-'));
  const folders = verb !== 'check' ? [] : given.length === 0 ? ['.'] : given;
  let files = 0;
  for (const folder of folders) {
    for (const entry of entriesOf(folder)) {
      if (entry.name.endsWith('.py')) files += 1;
      else if (folders.length < maximumFolders && entry.isDirectory() && /^\w/.test(entry.name))
        folders.push(join(folder, entry.name));
    }
    if (files >= enough) return true;
  }
  return false;
}

/** Nothing of a file, and of what is not there. */
function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

const startThread = (): Worker =>
  new Worker(beside('checkWorker'), { resourceLimits: { maxYoungGenerationSizeMb: 6 } });

// A thread takes as long to start as the rest of the program: both load at once.
const thread = availableParallelism() > 1 && mayBeMuch(args) ? startThread() : null;
thread?.unref();
(runCompiled('cliProgram') as { runProgram: typeof runProgram }).runProgram(
  args,
  thread,
  startThread,
);

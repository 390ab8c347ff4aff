import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { runProgram } from './cliProgram.ts';
import { beside, runCompiled } from './runCompiled.ts';

const args = process.argv.slice(2);

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A folder may have enough in it for two threads. */
function mayBeMuch([verb, ...rest]: readonly string[]): boolean {
  const paths = rest.filter((arg) => !arg.startsWith('-'));
  return verb === 'check' && (paths.length === 0 || paths.some(isFolder));
}

const startThread = (): Worker =>
  new Worker(beside('checkWorker'), { resourceLimits: { maxYoungGenerationSizeMb: 12 } });

// A thread takes as long to start as the rest of the program: both load at once.
const thread = availableParallelism() > 1 && mayBeMuch(args) ? startThread() : null;
thread?.unref();
(runCompiled('cliProgram') as { runProgram: typeof runProgram }).runProgram(
  args,
  thread,
  startThread,
);

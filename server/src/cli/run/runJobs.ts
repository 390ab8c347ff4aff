import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { loadParser } from '../../loadParser.ts';
import type { CheckedFile } from './checkedFile.ts';
import { fileChecker } from './checkFile.ts';
import type { Job, RunOptions } from './job.ts';

export interface RunContext {
  readonly options: RunOptions;
  readonly workerFile: string;
  /** Called after each file. */
  readonly onDone: () => void;
  /** No new file is begun after an abort; those that are under way are finished. */
  readonly signal: AbortSignal;
}

/**
 * The heaps of many threads grow to several times of what they hold, unless they are told not to: by
 * 40 % between two collections, and new objects have 4 MB from the start and no more.
 */
const sparingFlags = [
  '--heap-growing-percent=40',
  '--min-semi-space-size=4',
  '--semi-space-growth-factor=1',
];

/** A thread costs as much as checking about twenty files. */
const filesForThread = 20;
const filesAtOnce = 8;

/** Checks files on all cores; the results have the order of the jobs. Aborted runs have fewer. */
export async function runJobs(jobs: readonly Job[], context: RunContext): Promise<CheckedFile[]> {
  const threads = Math.min(availableParallelism(), Math.floor(jobs.length / filesForThread));
  const results: (CheckedFile | undefined)[] = new Array(jobs.length).fill(undefined);
  if (threads < 2) await runHere(jobs, context, results);
  else await runInThreads(jobs, context, results, threads);
  return results.filter((result) => result !== undefined);
}

async function runHere(
  jobs: readonly Job[],
  { options, onDone, signal }: RunContext,
  results: (CheckedFile | undefined)[],
): Promise<void> {
  if (jobs.length === 0) return;
  const check = fileChecker(await loadParser(), options);
  for (const [i, job] of jobs.entries()) {
    if (signal.aborted) return;
    results[i] = await check(job);
    onDone();
  }
}

/** A thread gets its next few jobs when it has done the last ones. */
async function runInThreads(
  jobs: readonly Job[],
  { options, onDone, signal, workerFile }: RunContext,
  results: (CheckedFile | undefined)[],
  threads: number,
): Promise<void> {
  for (const flag of sparingFlags) setFlagsFromString(flag);
  let next = 0;
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(workerFile, {
        workerData: options,
        resourceLimits: { maxYoungGenerationSizeMb: 12 },
      });
      try {
        while (next < jobs.length && !signal.aborted) {
          const first = next;
          next += filesAtOnce;
          const answers = await ask(worker, jobs.slice(first, next));
          answers.forEach((answer, i) => {
            results[first + i] = answer;
            onDone();
          });
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}

async function ask(worker: Worker, jobs: readonly Job[]): Promise<readonly CheckedFile[]> {
  worker.postMessage(jobs);
  // An error of the thread rejects.
  const [answers] = (await once(worker, 'message')) as [readonly CheckedFile[]];
  return answers;
}

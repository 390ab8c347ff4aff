import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import type { CheckedFile } from './checkedFile.ts';
import { fileChecker } from './checkFile.ts';
import { chooseCompilers } from './compilers.ts';
import type { Job, RunOptions } from './job.ts';
import { JobQueue } from './jobQueue.ts';
import { nextTurn } from './nextTurn.ts';
import type { Answer, ThreadData } from './serveJobs.ts';

export interface RunContext {
  readonly options: RunOptions;
  /** A thread that has been started already. */
  readonly firstThread: Worker | null;
  readonly startThread: () => Worker;
  /** Called after each file. */
  readonly onDone: () => void;
  /** No new file is begun after an abort; those that are under way are finished. */
  readonly signal: AbortSignal;
}

/**
 * Heaps grow to several times of what they hold, unless they are told not to: by 15 % between two
 * collections, and new objects have 2 MB from the start and no more.
 */
const sparingFlags = [
  '--heap-growing-percent=15',
  '--min-semi-space-size=2',
  '--semi-space-growth-factor=1',
];

/** A run of fewer files ends before memory matters, and collecting less is faster. */
const filesForSparing = 500;

/** A thread costs as much as checking about twenty files. */
const filesForThread = 20;

/** Checks files on all cores; the results have the order of the jobs. Aborted runs have fewer. */
export async function runJobs(jobs: readonly Job[], context: RunContext): Promise<CheckedFile[]> {
  const threads = Math.min(availableParallelism(), Math.floor(jobs.length / filesForThread));
  const results: (CheckedFile | undefined)[] = new Array(jobs.length).fill(undefined);
  const queue = new JobQueue(jobs.length);
  chooseCompilers();
  const { signal, onDone } = context;
  signal.addEventListener('abort', () => queue.close());
  if (signal.aborted) queue.close();
  const keep = (i: number, result: CheckedFile): void => {
    results[i] = result;
    chooseCompilers();
    onDone();
  };
  const isLarge = jobs.length > filesForSparing;
  let first = unusedThread(context.firstThread);
  if (isLarge) {
    for (const flag of sparingFlags) setFlagsFromString(flag);
    // What it was started with cannot be changed any more.
    await first?.terminate();
    first = null;
  }
  await Promise.all([
    ...Array.from({ length: Math.max(0, threads - 1) }, (_, i) =>
      runInThread(
        i === 0 && first !== null ? first : context.startThread(),
        jobs,
        context,
        queue,
        keep,
      ),
    ),
    runHere(jobs, context, queue, keep),
  ]);
  return results.filter((result) => result !== undefined);
}

type Keep = (i: number, result: CheckedFile) => void;

async function runHere(
  jobs: readonly Job[],
  { options }: RunContext,
  queue: JobQueue,
  keep: Keep,
): Promise<void> {
  if (jobs.length === 0) return;
  const check = fileChecker(options);
  for (let i = queue.take(); i !== null; i = queue.take()) {
    keep(i, check(jobs[i] as Job));
    await nextTurn();
  }
}

const used = new WeakSet<Worker>();

/** With --watch there are several runs, and it ends with the first. */
function unusedThread(thread: Worker | null): Worker | null {
  if (thread === null || used.has(thread)) return null;
  used.add(thread);
  return thread;
}

async function runInThread(
  thread: Worker,
  jobs: readonly Job[],
  { options }: RunContext,
  queue: JobQueue,
  keep: Keep,
): Promise<void> {
  const data: ThreadData = { jobs, options, queue: queue.shared };
  thread.on('message', ({ i, result }: Answer) => keep(i, result));
  thread.postMessage(data);
  thread.ref();
  // An error of the thread rejects.
  await once(thread, 'exit');
}

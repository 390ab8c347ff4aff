import { parentPort } from 'node:worker_threads';
import type { CheckedFile } from './checkedFile.ts';
import { fileChecker } from './checkFile.ts';
import type { Job, RunOptions } from './job.ts';
import { JobQueue } from './jobQueue.ts';
import { nextTurn } from './nextTurn.ts';

/** What a thread is told to do. */
export interface ThreadData {
  readonly jobs: readonly Job[];
  readonly options: RunOptions;
  readonly queue: SharedArrayBuffer;
}

/** What it says after each file. */
export interface Answer {
  readonly i: number;
  readonly result: CheckedFile;
}

/** In a worker thread: waits for jobs, and takes some until there are no more. */
export function serveJobs(): void {
  const port = parentPort;
  if (port === null) throw new Error('this file is run by smelt check, in a thread');
  port.once('message', async ({ jobs, options, queue: shared }: ThreadData) => {
    const queue = new JobQueue(jobs.length, shared);
    const check = fileChecker(options);
    for (let i = queue.take(); i !== null; i = queue.take()) {
      const answer: Answer = { i, result: check(jobs[i] as Job) };
      port.postMessage(answer);
      await nextTurn();
    }
  });
}

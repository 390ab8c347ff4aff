import { parentPort, workerData } from 'node:worker_threads';
import { loadParser } from '../../loadParser.ts';
import { fileChecker } from './checkFile.ts';
import type { Job, RunOptions } from './job.ts';

/** In a worker thread: answers lists of jobs with lists of results. */
export async function serveJobs(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('this file is run by smelt check, in a thread');
  const loading = loadParser().then((parser) => fileChecker(parser, workerData as RunOptions));
  port.on('message', async (jobs: readonly Job[]) => {
    const check = await loading;
    const results = [];
    for (const job of jobs) results.push(await check(job));
    port.postMessage(results);
  });
}

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { KernelLaunch } from '../kernel/kernelLaunch.ts';
import { pythonCommand, runtimeEnvironment } from '../kernel/kernelLaunch.ts';
import { endCause, startFailure } from '../kernel/launchFailure.ts';
import type { BenchmarkEnd, BenchmarkProgress, BenchmarkRow } from '../kernel/messages.gen.ts';
import { parseBenchmarkEvent } from '../kernel/messages.gen.ts';

export interface BenchmarkResult {
  readonly workload: string;
  readonly rows: readonly BenchmarkRow[];
  readonly python: string;
  readonly chip: string;
  readonly caveats: readonly string[];
}

export interface BenchmarkRun {
  /** Rejects with an error of one sentence when the interpreter does not come up. */
  readonly result: Promise<BenchmarkResult>;
  /** Ends after the measurement that runs; what was measured stays. */
  stop(): void;
}

/** Runs a benchmark in a process of its own; `size` null leaves it to the device. */
export function runBenchmark(
  launch: KernelLaunch,
  workload: string,
  size: number | null,
  progress: (progress: BenchmarkProgress) => void,
): BenchmarkRun {
  const { promise, resolve, reject } = Promise.withResolvers<BenchmarkResult>();
  const sizes = size === null ? [] : ['--size', String(size)];
  const [program, ...args] = pythonCommand(launch, 'bench', workload, ...sizes);
  const child = spawn(program, args, {
    cwd: launch.runtime,
    env: runtimeEnvironment(launch.runtime, launch.environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const rows: BenchmarkRow[] = [];
  let last: BenchmarkEnd | null = null;
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4_000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parseLine(line);
    if (event?.type === 'progress') progress(event);
    else if (event?.type === 'row') rows.push(event);
    else if (event?.type === 'end') last = event;
  });
  child.on('error', (error: NodeJS.ErrnoException) => {
    const exit = { code: null, signal: null, spawnError: error.code ?? error.message };
    reject(startFailure(launch.interpreter, exit, ''));
  });
  child.on('close', (code, signal) => {
    const exit = { code, signal };
    if (last === null && rows.length === 0) {
      reject(startFailure(launch.interpreter, exit, errors));
      return;
    }
    resolve({
      workload,
      rows,
      python: last?.python ?? '',
      chip: last?.chip ?? '',
      caveats: last?.caveats ?? [endCause(exit).replace('The kernel', 'The benchmark')],
    });
  });
  return { result: promise, stop: () => child.kill('SIGINT') };
}

function parseLine(line: string): ReturnType<typeof parseBenchmarkEvent> {
  try {
    return parseBenchmarkEvent(JSON.parse(line));
  } catch {
    return null;
  }
}

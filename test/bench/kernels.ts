import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../../client/src/kernel/session.ts';
import { quartiles } from './median.ts';

export interface KernelTimes {
  /** Milliseconds from the start of the process until a cell can be sent; median. */
  readonly ready: number;
  /** Milliseconds from sending `1+1` until the cell is done; median. */
  readonly roundTrip: number;
  /** Milliseconds until 100 000 printed lines are here. */
  readonly output: number;
}

/** Milliseconds that the report of an idle cell takes, by the framework that is loaded. */
export interface Overhead {
  readonly plain: number;
  readonly torch: number;
}

const starts = 5;
/** So many that the compiler of the side that asks is warm in most of them. */
const cells = 1_000;
const printing = "for i in range(100_000): print('x' * 100)";
const runtime = join(import.meta.dirname, '../../python-runtime');

/** Smelt's kernel, as the editor uses it. */
export async function measureSmelt(interpreter: string): Promise<KernelTimes> {
  const ready: number[] = [];
  const trips: number[] = [];
  const output: number[] = [];
  const keep = { folder: mkdtempSync(join(tmpdir(), 'smelt-bench-')), key: 'file:///bench.py' };
  for (let i = 0; i < starts; i += 1) {
    const start = performance.now();
    const session = new Session({
      interpreter,
      runtime,
      folder: tmpdir(),
      environment: {},
      keep,
      log: () => {},
      ended: () => {},
    });
    await session.ready;
    ready.push(performance.now() - start);
    for (let cell = 0; cell < cells / starts; cell += 1) {
      const sent = performance.now();
      await session.execute({ code: '1+1', filename: 'bench.py', line: 0 }, () => {});
      trips.push(performance.now() - sent);
    }
    const sent = performance.now();
    await session.execute({ code: printing, filename: 'bench.py', line: 0 }, () => {});
    output.push(performance.now() - sent);
    await session.end();
  }
  return {
    ready: quartiles(ready).median,
    roundTrip: quartiles(trips).median,
    output: quartiles(output).median,
  };
}

/** ipykernel, as Jupyter's own client uses it, in the same interpreter. */
export function measureIpykernel(interpreter: string): KernelTimes {
  const code = `
import json, statistics, time
from jupyter_client.manager import KernelManager

ready, trips, output = [], [], []
for _ in range(${starts}):
    start = time.perf_counter()
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    ready.append(time.perf_counter() - start)
    for _ in range(${cells / starts}):
        sent = time.perf_counter()
        client.execute_interactive("1+1", timeout=60, output_hook=lambda message: None)
        trips.append(time.perf_counter() - sent)
    sent = time.perf_counter()
    client.execute_interactive(${JSON.stringify(printing)}, timeout=60, output_hook=lambda message: None)
    output.append(time.perf_counter() - sent)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
times = {"ready": ready, "roundTrip": trips, "output": output}
print(json.dumps({name: statistics.median(seconds) * 1e3 for name, seconds in times.items()}))
`;
  const done = spawnSync(interpreter, ['-c', code], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '') as KernelTimes;
}

/** What measuring itself costs, in a process without torch and in one with it. */
export function measureOverhead(interpreter: string): Overhead {
  const script = join(import.meta.dirname, 'report_overhead.py');
  const env = { ...process.env, PYTHONPATH: runtime };
  const done = spawnSync(interpreter, [script, 'torch'], { encoding: 'utf8', env });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as Overhead;
}

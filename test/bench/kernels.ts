import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../../client/src/kernel/session.ts';
import { quartiles } from './median.ts';

export interface KernelTimes {
  /** Milliseconds from the start of the process until a cell can be sent; median. */
  readonly ready: number;
  /** Milliseconds from sending `1+1` until the cell is done; median. */
  readonly roundTrip: number;
}

const starts = 5;
const cells = 200;

/** Smelt's kernel, as the editor uses it. */
export async function measureSmelt(interpreter: string): Promise<KernelTimes> {
  const ready: number[] = [];
  const trips: number[] = [];
  for (let i = 0; i < starts; i += 1) {
    const start = performance.now();
    const session = new Session({
      interpreter,
      runtime: join(import.meta.dirname, '../../python-runtime'),
      folder: tmpdir(),
      environment: {},
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
    await session.end();
  }
  return { ready: quartiles(ready).median, roundTrip: quartiles(trips).median };
}

/** ipykernel, as Jupyter's own client uses it, in the same interpreter. */
export function measureIpykernel(interpreter: string): KernelTimes {
  const code = `
import json, statistics, time
from jupyter_client.manager import KernelManager

ready, trips = [], []
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
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps({"ready": statistics.median(ready) * 1e3, "roundTrip": statistics.median(trips) * 1e3}))
`;
  const done = spawnSync(interpreter, ['-c', code], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '') as KernelTimes;
}

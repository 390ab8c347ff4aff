import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { promisify } from 'node:util';

const interval = 1_000;

/** The memory of a process, looked at once a second while a cell runs: a killed process cannot say it. */
export class MemoryWatch {
  /** Bytes at the last look; null before the first. */
  latest: number | null = null;
  private timer: NodeJS.Timeout | undefined;

  start(pid: number | undefined): void {
    this.latest = null;
    clearInterval(this.timer);
    if (pid === undefined) return;
    this.timer = setInterval(async () => {
      this.latest = (await residentBytes(pid)) ?? this.latest;
    }, interval);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Bytes of main memory that a process holds; null when the system does not tell. */
export async function residentBytes(pid: number): Promise<number | null> {
  try {
    if (process.platform === 'linux') {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return kilobytes(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]);
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
    return kilobytes(stdout.trim());
  } catch {
    return null;
  }
}

const kilobytes = (text: string | undefined): number | null =>
  text === undefined || !/^\d+$/.test(text) ? null : Number(text) * 1024;

/** Bytes that processes may have together: the machine's, or less in a container. */
export function memoryLimit(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

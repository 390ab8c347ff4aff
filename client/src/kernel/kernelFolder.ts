import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startOf } from './runningProcess.ts';

/** Another number makes kernels of earlier versions end instead of being misunderstood. */
const format = 1;

const fifos = ['requests', 'events', 'stdout', 'stderr', 'lifeline'] as const;

/** What a window that comes later must know of a kernel. */
export interface KernelRecord {
  readonly format: number;
  readonly pid: number;
  /** Tells the process from a later one with the same number. */
  readonly started: string;
  /** The file, notebook or folder whose kernel it is, as a uri. */
  readonly key: string;
  readonly interpreter: string;
  /** Its torch logs its copies. */
  readonly countsCopies: boolean;
}

/**
 * The private folder of one kernel that can outlive its window: its FIFOs, who it is, and what the window
 * knows of its cells. A file named after the window's process says whose the kernel is; taking the kernel
 * over renames that file, so that of two windows only one can.
 */
export class KernelFolder {
  readonly path: string;
  private lifeline: number | null = null;

  private constructor(path: string) {
    this.path = path;
  }

  /** A new one; null where there are no FIFOs. */
  static make(parent: string): KernelFolder | null {
    if (process.platform === 'win32') return null;
    const folder = new KernelFolder(join(parent, randomUUID()));
    try {
      mkdirSync(folder.path, { recursive: true, mode: 0o700 });
      execFileSync('mkfifo', ['-m', '600', ...fifos.map((name) => folder.file(name))], {
        stdio: 'ignore',
      });
      writeFileSync(folder.file(ownMark()), '');
      folder.holdLifeline();
      return folder;
    } catch {
      // No mkfifo, or a disk that is full or read-only: the kernel then ends with its window.
      folder.remove();
      return null;
    }
  }

  /** All that lie in a folder. */
  static all(parent: string): KernelFolder[] {
    try {
      return readdirSync(parent).map((name) => new KernelFolder(join(parent, name)));
    } catch {
      return [];
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  writeRecord(kernel: Omit<KernelRecord, 'format' | 'started'>): void {
    const record: KernelRecord = { ...kernel, format, started: startOf(kernel.pid) ?? '' };
    this.save('kernel.json', record);
  }

  /** Its document has another name. */
  rename(key: string): void {
    const record = this.load('kernel.json') as KernelRecord | null;
    if (record !== null) this.save('kernel.json', { ...record, key });
  }

  /** The kernel that lives here; null when there is none. */
  livingKernel(): KernelRecord | null {
    const record = this.load('kernel.json') as KernelRecord | null;
    if (record?.format !== format) return null;
    return startOf(record.pid) === record.started ? record : null;
  }

  /** Makes it this process's; false when another that lives has it, or was faster. */
  claim(): boolean {
    try {
      const mark = readdirSync(this.path).find((name) => name.startsWith(markStart));
      if (mark === undefined || isHeld(mark)) return false;
      renameSync(this.file(mark), this.file(ownMark()));
      this.holdLifeline();
      return true;
    } catch {
      return false;
    }
  }

  /** Leaves it to whoever comes next. */
  release(): void {
    try {
      renameSync(this.file(ownMark()), this.file(freeMark));
    } catch {
      // The folder is gone, and the kernel with it.
    }
    this.letLifelineGo();
  }

  /** Readers never see half of it. */
  save(name: string, value: unknown): void {
    const draft = this.file(`${name}.new`);
    writeFileSync(draft, JSON.stringify(value), { mode: 0o600 });
    renameSync(draft, this.file(name));
  }

  /** null when it is not there or cannot be read. */
  load(name: string): unknown {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8'));
    } catch {
      return null;
    }
  }

  names(): string[] {
    try {
      return readdirSync(this.path);
    } catch {
      return [];
    }
  }

  forget(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  remove(): void {
    this.letLifelineGo();
    rmSync(this.path, { recursive: true, force: true });
  }

  /** The kernel's watcher sees the other end: as long as this is open, a window is there. */
  private holdLifeline(): void {
    this.lifeline = openSync(this.file('lifeline'), constants.O_RDWR | constants.O_NONBLOCK);
  }

  private letLifelineGo(): void {
    if (this.lifeline !== null) closeSync(this.lifeline);
    this.lifeline = null;
  }
}

const markStart = 'window.';
const freeMark = `${markStart}none`;

let ownStart: string | null | undefined;

function ownMark(): string {
  ownStart ??= startOf(process.pid);
  return `${markStart}${process.pid}.${ownStart}`;
}

function isHeld(mark: string): boolean {
  const [, pid, started] = mark.split('.');
  return startOf(Number(pid)) === started;
}

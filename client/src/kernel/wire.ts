import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { KernelFolder } from './kernelFolder.ts';
import type { KernelLaunch } from './kernelLaunch.ts';
import { grace, spawnKernel } from './kernelLaunch.ts';
import type { Exit } from './launchFailure.ts';
import { isRunning } from './runningProcess.ts';

/** Milliseconds between two looks at a process that another window has started. */
const pulse = 500;

const outputs = ['stdout', 'stderr', 'events'] as const;
export type KernelOutput = (typeof outputs)[number];

export interface WireListener {
  bytes(from: KernelOutput, chunk: Buffer): void;
  /** Once, after the last bytes. */
  exit(exit: Exit): void;
}

/** The pipes to a kernel: descriptors 1 and 2 are output, 3 requests, 4 events, 5 faults. */
export interface Wire {
  readonly pid: number | undefined;
  write(text: string): void;
  /** Stops reading: what the kernel writes from now on waits in the FIFOs. */
  close(): void;
}

/** Pipes without names: the kernel ends with this process. */
export function startOnPipes(launch: KernelLaunch, listener: WireListener): Wire {
  const child = spawnKernel(launch, [], ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe']);
  // Node types the first five only.
  const stdio = child.stdio as readonly unknown[];
  const requests = stdio[3] as Writable;
  // The exit tells; a write that meets a closed pipe has nothing to add.
  requests.on('error', () => {});
  const ends: Record<KernelOutput, unknown> = {
    stdout: stdio[1],
    stderr: stdio[2],
    events: stdio[4],
  };
  for (const from of outputs) {
    (ends[from] as Readable).on('data', (chunk: Buffer) => listener.bytes(from, chunk));
  }
  let fault = '';
  (stdio[5] as Readable).setEncoding('utf8').on('data', (text: string) => {
    fault = (fault + text).slice(0, longestFault);
  });
  onSpawnError(child, listener.exit);
  // What the cell started keeps the pipes open, and goes with its kernel.
  child.on('exit', () => signalGroup(child.pid, 'SIGKILL'));
  child.on('close', (code, signal) => {
    if (child.pid !== undefined) listener.exit({ code, signal, fault });
  });
  return { pid: child.pid, write: (text) => requests.write(text), close: () => {} };
}

/** Pipes with names, which the kernel has open on both sides: it does not see this process go. */
export function startOnFifos(
  launch: KernelLaunch,
  folder: KernelFolder,
  listener: WireListener,
): Wire {
  const both = ['stdout', 'stderr', 'requests', 'events'].map((name) =>
    openSync(folder.file(name), constants.O_RDWR),
  );
  both.push(openSync(folder.file(faults), 'w'));
  const child = spawnKernel(
    launch,
    [folder.path, String(launch.grace ?? grace)],
    ['ignore', ...both],
  );
  const fifos = new Fifos(folder, child.pid, listener);
  for (const descriptor of both) closeSync(descriptor);
  onSpawnError(child, (exit) => fifos.ended(exit));
  child.on('exit', (code, signal) => fifos.ended({ code, signal }));
  return fifos;
}

/** A kernel that another window has started. */
export function attachToFifos(folder: KernelFolder, pid: number, listener: WireListener): Wire {
  const fifos = new Fifos(folder, pid, listener);
  // It is nobody's child any more: its end must be looked for.
  fifos.timer = setInterval(() => {
    if (!isRunning(pid)) fifos.ended({ code: null, signal: null });
  }, pulse);
  // Ends a request that the window before may have left half-written.
  fifos.write('\n');
  return fifos;
}

class Fifos implements Wire {
  readonly pid: number | undefined;
  timer: NodeJS.Timeout | undefined;
  private readonly folder: KernelFolder;
  private readonly listener: WireListener;
  private readonly requests: Socket;
  private readonly streams: readonly Socket[];
  private open = true;

  constructor(folder: KernelFolder, pid: number | undefined, listener: WireListener) {
    this.folder = folder;
    this.pid = pid;
    this.listener = listener;
    this.requests = new Socket({
      fd: openSync(folder.file('requests'), constants.O_WRONLY | constants.O_NONBLOCK),
      readable: false,
      writable: true,
    });
    // The end of the process tells; a broken FIFO has nothing to add.
    this.requests.on('error', () => {});
    this.streams = outputs.map((from) => {
      const stream = new Socket({ fd: this.readEnd(from), readable: true, writable: false });
      stream.on('error', () => {});
      return stream.on('data', (chunk) => listener.bytes(from, chunk));
    });
  }

  write(text: string): void {
    this.requests.write(text);
  }

  /** Reads what the kernel has left. The end of a FIFO is not told on macOS (kqueue), so nobody waits for it. */
  ended(exit: Exit): void {
    if (!this.open) return;
    signalGroup(this.pid, 'SIGKILL');
    const ends = outputs.map((from) => ({ from, descriptor: this.readEnd(from) }));
    this.close();
    for (const { from, descriptor } of ends) {
      for (const chunk of rest(descriptor)) this.listener.bytes(from, chunk);
      closeSync(descriptor);
    }
    this.listener.exit({ ...exit, fault: this.fault() });
  }

  close(): void {
    this.open = false;
    clearInterval(this.timer);
    this.requests.destroy();
    for (const stream of this.streams) stream.destroy();
  }

  private readEnd(from: KernelOutput): number {
    return openSync(this.folder.file(from), constants.O_RDONLY | constants.O_NONBLOCK);
  }

  private fault(): string {
    try {
      return readFileSync(this.folder.file(faults), 'utf8').slice(0, longestFault);
    } catch {
      return '';
    }
  }
}

const faults = 'faults';
/** Characters of a traceback of all threads that are kept. */
const longestFault = 100_000;

/** What can be read without waiting. */
function* rest(descriptor: number): Generator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    let length = 0;
    try {
      length = readSync(descriptor, chunk);
    } catch {
      // Nothing more, though something that the cell started could still write.
    }
    if (length === 0) return;
    yield chunk.subarray(0, length);
  }
}

export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Nobody is left to hear it.
  }
}

function onSpawnError(child: ChildProcess, exited: (exit: Exit) => void): void {
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (child.pid !== undefined) return;
    exited({ code: null, signal: null, spawnError: error.code ?? error.message });
  });
}

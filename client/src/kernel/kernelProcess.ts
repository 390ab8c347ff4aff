import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Exit } from './launchFailure.ts';
import type { Event, Request } from './messages.gen.ts';
import { parseEvent } from './messages.gen.ts';
import type { Output } from './outputMerge.ts';
import { OutputMerge } from './outputMerge.ts';

export interface KernelLaunch {
  /** Path of the Python interpreter. */
  readonly interpreter: string;
  /** Start it through `arch -arm64`: it is a universal build, of which we want the native half. */
  readonly native?: boolean;
  /** The folder python-runtime. */
  readonly runtime: string;
  /** Working folder of the code that runs. */
  readonly folder: string;
  /** Variables for the kernel beside those of this process. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface KernelListener {
  item(item: Output | Event): void;
  log(text: string): void;
  /** Once, after the last item. */
  exit(exit: Exit): void;
}

/** Characters of a traceback of all threads that are kept. */
const longestFault = 100_000;

/** The environment of a Python process that can import smelt_runtime. */
export function runtimeEnvironment(
  runtime: string,
  environment: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const all: NodeJS.ProcessEnv = { ...process.env, ...environment };
  // Set for VS Code's own processes; a Node program started by user code would become Electron.
  delete all.ELECTRON_RUN_AS_NODE;
  const path = all.PYTHONPATH;
  all.PYTHONPATH = path === undefined || path === '' ? runtime : runtime + delimiter + path;
  return all;
}

/** A kernel's process: descriptors 1 and 2 are output, 3 requests, 4 events, 5 faults. */
export class KernelProcess {
  private readonly child: ChildProcess;
  private readonly requests: Writable;

  constructor(launch: KernelLaunch, listener: KernelListener) {
    // Python puts its working folder first where it looks for modules: a typing.py of the user's would
    // otherwise be the kernel's.
    const [program, ...args] = [
      ...(launch.native === true ? ['/usr/bin/arch', '-arm64'] : []),
      ...[launch.interpreter, '-m', 'smelt_runtime', 'kernel', launch.folder],
    ] as [string, ...string[]];
    this.child = spawn(program, args, {
      cwd: launch.runtime,
      env: runtimeEnvironment(launch.runtime, launch.environment),
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      // A process group of its own, so that an interrupt reaches what the cell has started.
      detached: process.platform !== 'win32',
    });
    this.requests = this.child.stdio[3] as Writable;
    // The exit tells; a write that meets a closed pipe has nothing to add.
    this.requests.on('error', () => {});
    const merge = new OutputMerge((item) => listener.item(item));
    this.child.stdout?.on('data', (chunk: Buffer) => merge.output('stdout', chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => merge.output('stderr', chunk));
    readLines(this.child.stdio[4] as Readable, (line) => {
      const event = parseLine(line);
      if (event === null) listener.log(`Not an event: ${line.slice(0, 200)}`);
      else merge.event(event);
    });
    let fault = '';
    // Node types the first five only.
    const stdio: readonly unknown[] = this.child.stdio;
    (stdio[5] as Readable).setEncoding('utf8').on('data', (text: string) => {
      fault = (fault + text).slice(0, longestFault);
    });
    let ended = false;
    const end = (exit: Exit): void => {
      if (ended) return;
      ended = true;
      merge.end();
      listener.exit(exit);
    };
    this.child.on('error', (error: NodeJS.ErrnoException) => {
      if (this.child.pid === undefined) {
        end({ code: null, signal: null, spawnError: error.code ?? error.message });
      }
    });
    // What the cell started keeps the pipes open, and goes with its kernel.
    this.child.on('exit', () => this.signal('SIGKILL'));
    this.child.on('close', (code, signal) => end({ code, signal, fault }));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(request: Request): void {
    this.requests.write(`${JSON.stringify(request)}\n`);
  }

  interrupt(): void {
    this.signal('SIGINT');
  }

  kill(): void {
    this.signal('SIGKILL');
  }

  /** Closes the requests, at which an idle kernel ends. */
  close(): void {
    this.requests.end();
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? this.child.pid : -this.child.pid, signal);
    } catch {
      // Nobody is left to hear it.
    }
  }
}

function readLines(stream: Readable, take: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let held: string[] = [];
  stream.on('data', (chunk: Buffer) => {
    const parts = decoder.write(chunk).split('\n');
    held.push(parts[0] ?? '');
    for (const part of parts.slice(1)) {
      take(held.join(''));
      held = [part];
    }
  });
}

function parseLine(line: string): Event | null {
  try {
    return parseEvent(JSON.parse(line));
  } catch {
    return null;
  }
}

import type { KernelFolder } from './kernelFolder.ts';
import type { KernelLaunch } from './kernelLaunch.ts';
import type { Exit } from './launchFailure.ts';
import type { Event, Request } from './messages.gen.ts';
import { parseEvent } from './messages.gen.ts';
import type { MergeRest, Output } from './outputMerge.ts';
import { OutputMerge } from './outputMerge.ts';
import type { Wire, WireListener } from './wire.ts';
import { attachToFifos, signalGroup, startOnFifos, startOnPipes } from './wire.ts';

export interface KernelListener {
  item(item: Output | Event): void;
  log(text: string): void;
  /** Once, after the last item. */
  exit(exit: Exit): void;
}

/** What was read and could not be told yet, for the window that comes next. */
export interface KernelRest {
  readonly line: string;
  readonly merge: MergeRest;
}

/** A kernel's process: requests in, output and events out in the order in which they happened. */
export class KernelProcess {
  private readonly wire: Wire;
  private readonly merge: OutputMerge;
  /** An event that has not come to its end. */
  private line: string[];

  /**
   * @param connect gives the wire; it may call the listener only later
   * @param rest of the window before; `lost` when it died without leaving any
   */
  private constructor(
    connect: (listener: WireListener) => Wire,
    listener: KernelListener,
    rest: KernelRest | 'lost' | null,
  ) {
    const found = rest === null || rest === 'lost' ? null : rest;
    this.line = found === null ? [] : [found.line];
    this.merge = new OutputMerge((item) => listener.item(item), found?.merge);
    let isFirst = rest === 'lost';
    if (rest === 'lost') this.merge.join();
    const read = (line: string): void => {
      const event = parseLine(line);
      if (event !== null) this.merge.event(event);
      // The window before has taken its beginning with it.
      else if (!isFirst) listener.log(notAnEvent(line));
      isFirst = false;
    };
    this.wire = connect({
      bytes: (from, chunk) => {
        if (from === 'events') this.lines(chunk, read);
        else this.merge.output(from, chunk);
      },
      exit: (exit) => {
        this.merge.end();
        listener.exit(exit);
      },
    });
  }

  /** Starts a kernel, which can outlive this process when it has a folder. */
  static start(
    launch: KernelLaunch,
    folder: KernelFolder | null,
    listener: KernelListener,
  ): KernelProcess {
    return new KernelProcess(
      (heard) =>
        folder === null ? startOnPipes(launch, heard) : startOnFifos(launch, folder, heard),
      listener,
      null,
    );
  }

  static attach(
    folder: KernelFolder,
    pid: number,
    rest: KernelRest | null,
    listener: KernelListener,
  ): KernelProcess {
    return new KernelProcess(
      (heard) => attachToFifos(folder, pid, heard),
      listener,
      rest ?? 'lost',
    );
  }

  get pid(): number | undefined {
    return this.wire.pid;
  }

  send(request: Request): void {
    this.wire.write(`${JSON.stringify(request)}\n`);
  }

  interrupt(): void {
    signalGroup(this.pid, 'SIGINT');
  }

  kill(): void {
    signalGroup(this.pid, 'SIGKILL');
  }

  /** Stops reading; what was read and could not be told yet. */
  stop(): KernelRest {
    this.wire.close();
    return { line: this.line.join(''), merge: this.merge.rest() };
  }

  /** Events are ASCII. */
  private lines(chunk: Buffer, read: (line: string) => void): void {
    const parts = chunk.toString('latin1').split('\n');
    this.line.push(parts[0] ?? '');
    for (const part of parts.slice(1)) {
      const line = this.line.join('');
      this.line = [part];
      read(line);
    }
  }
}

function parseLine(line: string): Event | null {
  let event: Event | null = null;
  try {
    event = parseEvent(JSON.parse(line));
  } catch {
    // No JSON: as good as unknown.
  }
  if (event !== null) return event;
  // Everything behind its mark waits for it, so that it has to come.
  const mark = /^\{"mark":(\d+),/.exec(line)?.[1];
  if (mark === undefined) return null;
  return { type: 'log', mark: Number(mark), text: notAnEvent(line) };
}

const notAnEvent = (line: string): string => `Not an event: ${line.slice(0, 200)}`;

import type { Answer, CellEvent } from './cellState.ts';
import { CopyLog, withCopyLog } from './copyLog.ts';
import { deathOf } from './death.ts';
import type { KernelLaunch } from './kernelProcess.ts';
import { KernelProcess } from './kernelProcess.ts';
import type { Exit } from './launchFailure.ts';
import { endCause, KernelStartError, startFailure } from './launchFailure.ts';
import { MemoryWatch } from './memoryWatch.ts';
import type {
  CompleteRequest,
  Event,
  ExamineRequest,
  InspectRequest,
  Ready,
  VariablesRequest,
} from './messages.gen.ts';
import type { Output } from './outputMerge.ts';

export interface CellSource {
  readonly code: string;
  /** Absolute path of the file that the cell stands in; tracebacks name it. */
  readonly filename: string;
  /** 0-based line of the cell's first line in that file. */
  readonly line: number;
  /** `profile` also times each line; absent means `run`. */
  readonly mode?: 'run' | 'profile';
  /** Compute what MLX leaves lazy, for an honest time; absent means yes. */
  readonly evaluate?: boolean;
}

/** Something to ask the kernel about what it holds. */
export type Question = WithoutId<
  CompleteRequest | InspectRequest | VariablesRequest | ExamineRequest
>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never;

export type CellEnd = 'ok' | 'error' | 'interrupted' | 'cancelled' | 'lost';

export interface SessionOptions extends KernelLaunch {
  /** Milliseconds until a kernel that says nothing is given up. */
  readonly startTimeout?: number;
  /** Have torch log its copies, and tell them in the reports. */
  readonly countsCopies?: boolean;
  readonly log: (text: string) => void;
  /** Once, when the kernel is gone; `cause` is null when it was asked to end. */
  readonly ended: (cause: string | null) => void;
}

interface Execution {
  readonly id: number;
  readonly source: CellSource;
  readonly listener: (event: CellEvent) => void;
  readonly finish: (end: CellEnd) => void;
}

const startTimeout = 60_000;
/** Characters of what an interpreter prints before it is ready. */
const longestStart = 4_000;

/** One kernel and the cells that wait for it. Knows nothing of the editor. */
export class Session {
  /** Rejects with KernelStartError. */
  readonly ready: Promise<Ready>;
  private readonly options: SessionOptions;
  private readonly kernel: KernelProcess;
  private readonly timer: NodeJS.Timeout;
  private state: 'starting' | 'running' | 'ended' = 'starting';
  private startOutput = '';
  /** The end of stderr, where native code says why it gives up. */
  private lastErrors = '';
  private readonly memory = new MemoryWatch();
  private readonly copies: CopyLog | null;
  private queue: Execution[] = [];
  private current: Execution | null = null;
  private hasStarted = false;
  private interruptAtStart = false;
  /** Output of threads comes after the end of their cell, and belongs to it. */
  private latest: Execution | null = null;
  private nextId = 1;
  private readonly questions = new Map<number, (answer: Answer | null) => void>();
  private asked = false;
  private readonly settled: {
    ready: (ready: Ready) => void;
    failed: (error: KernelStartError) => void;
  };
  private readonly gone: Promise<void>;
  private isGone: () => void = () => {};

  constructor(options: SessionOptions) {
    this.options = options;
    const { promise, resolve, reject } = Promise.withResolvers<Ready>();
    this.ready = promise;
    // Whoever runs a cell hears of it; without cells nobody has to.
    promise.catch(() => {});
    this.settled = { ready: resolve, failed: reject };
    this.gone = new Promise((done) => {
      this.isGone = done;
    });
    this.copies = options.countsCopies === true ? new CopyLog() : null;
    const environment =
      this.copies === null ? options.environment : withCopyLog(options.environment);
    this.kernel = new KernelProcess(
      { ...options, environment },
      {
        item: (item) => this.sort(item),
        log: options.log,
        exit: (exit) => this.exited(exit),
      },
    );
    const limit = options.startTimeout ?? startTimeout;
    this.timer = setTimeout(() => {
      const seconds = Math.round(limit / 1000);
      this.settled.failed(
        new KernelStartError(
          `${options.interpreter} was not ready after ${seconds} seconds.`,
          this.startOutput,
        ),
      );
      this.kernel.kill();
    }, limit);
  }

  get pid(): number | undefined {
    return this.kernel.pid;
  }

  get isBusy(): boolean {
    return this.current !== null || this.queue.length > 0;
  }

  /** Which cell runs now; another value when that one has ended. */
  get runningCell(): number | null {
    return this.current?.id ?? null;
  }

  get isEnded(): boolean {
    return this.state === 'ended';
  }

  /** Runs a cell after those that wait already. Never rejects; the listener hears everything. */
  execute(source: CellSource, listener: (event: CellEvent) => void): Promise<CellEnd> {
    const { promise, resolve } = Promise.withResolvers<CellEnd>();
    const execution = { id: this.nextId, source, listener, finish: resolve };
    this.nextId += 1;
    if (this.state === 'ended') {
      listener({ type: 'lost', cause: 'The kernel is gone.' });
      resolve('lost');
      return promise;
    }
    this.queue.push(execution);
    this.tellPlaces();
    this.next();
    return promise;
  }

  /** Takes a cell that waits out of the queue; false when it does not wait: one that runs goes on. */
  drop(source: CellSource): boolean {
    const dropped = this.queue.filter((execution) => execution.source === source);
    this.queue = this.queue.filter((execution) => execution.source !== source);
    this.cancel(dropped);
    this.tellPlaces();
    return dropped.length > 0;
  }

  /** Asks the kernel, which answers between cells; null when it is gone. Never rejects. */
  ask(question: Question): Promise<Answer | null> {
    if (this.state === 'ended') return Promise.resolve(null);
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve) => {
      this.questions.set(id, resolve);
      this.kernel.send({ ...question, id });
    });
  }

  /** Stops the running cell and drops those that wait. */
  interrupt(): void {
    this.cancelQueue();
    if (this.current === null) return;
    // A kernel that has not read the request yet takes the signal for an idle one's, and ignores it.
    if (this.hasStarted) this.kernel.interrupt();
    else this.interruptAtStart = true;
  }

  /** Answers input() or getpass() of the running cell; null is end of file. */
  answer(value: string | null): void {
    if (this.current !== null)
      this.kernel.send({ type: 'input_reply', id: this.current.id, value });
  }

  /** Ends the kernel, at once when a cell runs; resolves when it is gone. */
  end(): Promise<void> {
    this.asked = true;
    if (this.state === 'ended') return this.gone;
    this.cancelQueue();
    if (this.current !== null || this.state === 'starting') this.kernel.kill();
    else this.kernel.close();
    return this.gone;
  }

  private next(): void {
    if (this.state !== 'running' || this.current !== null) return;
    const execution = this.queue.shift();
    if (execution === undefined) return;
    this.current = execution;
    this.hasStarted = false;
    this.interruptAtStart = false;
    this.latest = execution;
    this.lastErrors = '';
    this.memory.start(this.pid);
    this.kernel.send({
      type: 'execute',
      id: execution.id,
      mode: 'run',
      evaluate: true,
      ...execution.source,
    });
  }

  /** Takes the log of copies out of the output, and puts what it says into the report. */
  private sort(item: Output | Event): void {
    if (this.copies === null) {
      this.take(item);
      return;
    }
    const isErrors = item.type === 'output' && item.stream === 'stderr';
    const text = isErrors ? this.copies.take(item.text) : this.copies.release();
    if (text !== '') this.take({ type: 'output', stream: 'stderr', text });
    if (isErrors) return;
    if (item.type === 'started') this.copies.counted();
    const tells = item.type === 'report' && item.accelerator === 'mps';
    this.take(tells ? { ...item, copies: this.copies.counted() } : item);
  }

  private take(item: Output | Event): void {
    switch (item.type) {
      case 'ready':
        clearTimeout(this.timer);
        this.state = 'running';
        this.settled.ready(item);
        this.next();
        return;
      case 'log':
        this.options.log(item.text);
        return;
      case 'output':
        if (item.stream === 'stderr')
          this.lastErrors = (this.lastErrors + item.text).slice(-longestStart);
        if (this.latest === null) {
          this.startOutput = (this.startOutput + item.text).slice(-longestStart);
        } else this.latest.listener(item);
        return;
      case 'completions':
      case 'inspection':
      case 'variables':
      case 'examined':
        this.questions.get(item.id)?.(item);
        this.questions.delete(item.id);
        return;
      default:
        if (this.current?.id !== item.id) return;
        if (item.type === 'started') {
          this.hasStarted = true;
          if (this.interruptAtStart) this.kernel.interrupt();
        }
        this.current.listener(item);
        if (item.type === 'done') this.finished(item.status);
    }
  }

  private finished(status: 'ok' | 'error' | 'interrupted'): void {
    const execution = this.current;
    this.current = null;
    this.memory.stop();
    // What comes after a cell that failed was written to run after it.
    if (status !== 'ok') this.cancelQueue();
    execution?.finish(status);
    this.tellPlaces();
    this.next();
  }

  private exited(exit: Exit): void {
    clearTimeout(this.timer);
    const wasStarting = this.state === 'starting';
    this.state = 'ended';
    const failure = startFailure(this.options.interpreter, exit, this.startOutput);
    const lost = this.current;
    const death =
      lost === null
        ? null
        : deathOf({
            exit,
            filename: lost.source.filename,
            stderr: this.lastErrors,
            memory: this.memory.latest,
            runtime: this.options.runtime,
          });
    const cause = wasStarting ? failure.message : (death?.cause ?? endCause(exit));
    this.memory.stop();
    if (wasStarting) this.settled.failed(failure);
    this.current = null;
    if (lost !== null) {
      lost.listener(
        this.asked || death === null
          ? { type: 'lost', cause: 'The kernel was restarted.' }
          : { type: 'lost', ...death },
      );
      lost.finish('lost');
    }
    this.cancelQueue();
    for (const resolve of this.questions.values()) resolve(null);
    this.questions.clear();
    this.isGone();
    if (!wasStarting) this.options.ended(this.asked ? null : cause);
  }

  private cancelQueue(): void {
    const dropped = this.queue;
    this.queue = [];
    this.cancel(dropped);
  }

  private cancel(dropped: readonly Execution[]): void {
    for (const execution of dropped) {
      execution.listener({ type: 'cancelled' });
      execution.finish('cancelled');
    }
  }

  private tellPlaces(): void {
    const running = this.current === null ? 0 : 1;
    this.queue.forEach((execution, index) => {
      execution.listener({ type: 'queued', ahead: index + running });
    });
  }
}

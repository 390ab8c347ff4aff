import type { Answer, CellEvent } from './cellState.ts';
import { CopyLog, withCopyLog } from './copyLog.ts';
import { deathOf } from './death.ts';
import type { CellEnd, CellSource, Execution, Follower, SavedExecution } from './execution.ts';
import { endAll, lostWithWindow, savedExecution, sortedBy, unknownCell } from './execution.ts';
import type { KernelRecord } from './kernelFolder.ts';
import { KernelFolder } from './kernelFolder.ts';
import type { KernelListener } from './kernelProcess.ts';
import { KernelProcess } from './kernelProcess.ts';
import type { Exit } from './launchFailure.ts';
import { endCause, KernelStartError, startFailure } from './launchFailure.ts';
import { MemoryWatch } from './memoryWatch.ts';
import type { Event, InputRequest, Ready } from './messages.gen.ts';
import type { Output } from './outputMerge.ts';
import type { SavedSession } from './sessionFile.ts';
import { SessionFile } from './sessionFile.ts';
import type { Question, SessionOptions } from './sessionOptions.ts';

/** Who follows a cell that another window has started; null when nobody can. */
export type Resume = (place: unknown, session: Session, source: CellSource) => Follower | null;

/** A kernel of an earlier window. */
export interface KeptKernel {
  readonly folder: KernelFolder;
  readonly record: KernelRecord;
  readonly resume: Resume;
}

/** A window that died may have given numbers that nobody wrote down. */
const idGap = 10_000;

const startTimeout = 60_000;
/** Milliseconds after which those that wait hear where they stand: thousands may, and most cells are short. */
const placesFrame = 100;
/** Characters of what an interpreter prints before it is ready. */
const longestStart = 4_000;

/** One kernel and the cells that wait for it. Knows nothing of the editor. */
export class Session {
  /** Rejects with KernelStartError. */
  readonly ready: Promise<Ready>;
  private readonly options: SessionOptions;
  private readonly kernel: KernelProcess;
  /** Set when the kernel can outlive this window. */
  readonly folder: KernelFolder | null;
  private timer: NodeJS.Timeout | undefined;
  private readonly file: SessionFile | null;
  private state: 'starting' | 'running' | 'ended' = 'starting';
  private startOutput = '';
  /** The end of stderr, where native code says why it gives up. */
  private lastErrors = '';
  private readonly memory = new MemoryWatch();
  private readonly copies: CopyLog | null;
  private queue: Execution[] = [];
  private placesTimer: NodeJS.Timeout | undefined;
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

  /** @param kept a kernel of an earlier window, claimed; absent: one is started */
  constructor(options: SessionOptions, kept?: KeptKernel) {
    this.options = options;
    const { promise, resolve, reject } = Promise.withResolvers<Ready>();
    this.ready = promise;
    // Whoever runs a cell hears of it; without cells nobody has to.
    promise.catch(() => {});
    this.settled = { ready: resolve, failed: reject };
    this.gone = new Promise((done) => {
      this.isGone = done;
    });
    const listener: KernelListener = {
      item: (item) => {
        if (this.copies === null) this.take(item);
        else this.copies.sort(item, (each) => this.take(each));
      },
      log: options.log,
      exit: (exit) => this.exited(exit),
    };
    this.copies = options.countsCopies === true ? new CopyLog() : null;
    if (kept !== undefined) this.folder = kept.folder;
    else this.folder = options.keep === undefined ? null : KernelFolder.make(options.keep.folder);
    this.file = this.folder && new SessionFile(this.folder, () => this.saved(), options.log);
    if (kept !== undefined) {
      const saved = SessionFile.load(kept.folder);
      const rest = saved?.rest ?? null;
      this.kernel = KernelProcess.attach(kept.folder, kept.record.pid, rest, listener);
      void this.takeOver(saved, kept.resume);
      return;
    }
    const { interpreter, keep, countsCopies = false } = options;
    const environment = countsCopies ? withCopyLog(options.environment) : options.environment;
    this.kernel = KernelProcess.start({ ...options, environment }, this.folder, listener);
    if (keep !== undefined && this.pid !== undefined)
      this.folder?.writeRecord({ pid: this.pid, key: keep.key, interpreter, countsCopies });
    this.limitStart(options.startTimeout ?? startTimeout);
  }

  private limitStart(limit: number): void {
    this.timer = setTimeout(() => {
      const seconds = Math.round(limit / 1000);
      this.settled.failed(
        new KernelStartError(
          `${this.options.interpreter} was not ready after ${seconds} seconds.`,
          this.startOutput,
        ),
      );
      this.kernel.kill();
    }, limit);
  }

  /** Goes on where the window before has left off; the kernel says whether that was the last word. */
  private async takeOver(saved: SavedSession | null, resume: Resume): Promise<void> {
    const executionOf = ({ id, source, place }: SavedExecution): Execution => {
      const follower = resume(place, this, source) ?? { listener: () => {}, place: () => place };
      return { ...follower, id, source };
    };
    this.nextId = (saved?.nextId ?? 1) + idGap;
    this.copies?.goOn(saved?.rest === undefined ? null : saved.copies);
    this.state = 'running';
    const doubtful = saved?.current ? executionOf(saved.current) : unknownCell;
    this.current = doubtful;
    this.hasStarted = true;
    this.latest = doubtful;
    this.queue = (saved?.queue ?? []).map(executionOf);
    this.memory.start(this.pid);
    this.tellPlaces();
    // What was left unsaid then is not to be said a second time.
    this.file?.save();
    const answer = await this.ask({ type: 'attach' });
    if (answer?.type !== 'attached' || this.current !== doubtful) return;
    this.memory.stop();
    const { unheard, last, left } = sortedBy(answer.cell, [doubtful, ...this.queue]);
    this.queue = left;
    endAll(unheard, { type: 'lost', cause: lostWithWindow }, 'lost');
    this.current = last ?? null;
    if (last === undefined || answer.status === null) this.next();
    else {
      last.listener({ type: 'done', mark: answer.mark, id: last.id, status: answer.status });
      this.finished(answer.status);
    }
  }

  /** Leaves the kernel, its running cell and its queue to the next window. Without a folder it ends. */
  leave(): void {
    if (this.folder === null || this.state === 'ended' || this.asked) {
      void this.end();
      return;
    }
    clearTimeout(this.timer);
    clearTimeout(this.placesTimer);
    this.memory.stop();
    this.state = 'ended';
    this.file?.save(this.kernel.stop());
    this.folder.release();
    for (const resolve of this.questions.values()) resolve(null);
    this.isGone();
  }

  private saved(): SavedSession {
    const current = this.current === unknownCell ? null : this.current;
    return {
      nextId: this.nextId,
      current: current && savedExecution(current),
      queue: this.queue.map(savedExecution),
      copies: this.copies?.rest() ?? null,
    };
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

  /**
   * Runs a cell after those that wait already. Never rejects; the listener hears everything.
   *
   * @param place finds the follower of this cell in the next window, when the kernel outlives this one
   */
  execute(
    source: CellSource,
    listener: (event: CellEvent) => void,
    place?: () => unknown,
  ): Promise<CellEnd> {
    const { promise, resolve } = Promise.withResolvers<CellEnd>();
    const execution: Execution = {
      id: this.nextId,
      source,
      listener,
      finish: resolve,
      ...(place === undefined ? {} : { place }),
    };
    this.nextId += 1;
    if (this.state === 'ended') {
      listener({ type: 'lost', cause: 'The kernel is gone.' });
      resolve('lost');
      return promise;
    }
    this.queue.push(execution);
    this.tellPlace(execution, this.queue.length - 1);
    this.next();
    return promise;
  }

  /** Takes cells that wait out of the queue; false when none of them waits: one that runs goes on. */
  drop(...sources: readonly CellSource[]): boolean {
    const unwanted = new Set(sources);
    const dropped = this.queue.filter(({ source }) => unwanted.has(source));
    this.queue = this.queue.filter(({ source }) => !unwanted.has(source));
    endAll(dropped, { type: 'cancelled' }, 'cancelled');
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

  /** Answers input() or getpass() of a cell, if that one still runs; null is end of file. */
  answer({ id }: InputRequest, value: string | null): void {
    if (this.current?.id !== id) return;
    this.kernel.send({ type: 'input_reply', id, value });
    this.current.listener({ type: 'answered' });
  }

  /** Ends the kernel, at once when a cell runs; resolves when it is gone. */
  end(): Promise<void> {
    this.asked = true;
    if (this.state === 'ended') return this.gone;
    this.cancelQueue();
    if (this.current !== null || this.state === 'starting') this.kernel.kill();
    else this.kernel.send({ type: 'shutdown', id: this.nextId });
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
    this.file?.changed();
    this.kernel.send({
      type: 'execute',
      id: execution.id,
      mode: 'run',
      evaluate: true,
      ...execution.source,
    });
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
      case 'attached':
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
        this.file?.changed();
        if (item.type === 'done') this.finished(item.status);
    }
  }

  private finished(status: 'ok' | 'error' | 'interrupted'): void {
    const execution = this.current;
    this.current = null;
    this.memory.stop();
    // What comes after a cell that failed was written to run after it.
    if (status !== 'ok') this.cancelQueue();
    execution?.finish?.(status);
    this.next();
    this.placesTimer ??= setTimeout(() => this.tellPlaces(), placesFrame);
  }

  private exited(exit: Exit): void {
    clearTimeout(this.timer);
    this.file?.stop();
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
      lost.finish?.('lost');
    }
    this.cancelQueue();
    for (const resolve of this.questions.values()) resolve(null);
    this.questions.clear();
    this.folder?.remove();
    this.isGone();
    if (!wasStarting) this.options.ended(this.asked ? null : cause);
  }

  private cancelQueue(): void {
    const dropped = this.queue;
    this.queue = [];
    endAll(dropped, { type: 'cancelled' }, 'cancelled');
  }

  private tellPlaces(): void {
    clearTimeout(this.placesTimer);
    this.placesTimer = undefined;
    for (const [index, execution] of this.queue.entries()) this.tellPlace(execution, index);
  }

  private tellPlace({ listener }: Execution, index: number): void {
    listener({ type: 'queued', ahead: index + (this.current === null ? 0 : 1) });
  }
}

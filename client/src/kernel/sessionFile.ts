import type { CopyRest } from './copyLog.ts';
import type { SavedExecution } from './execution.ts';
import type { KernelFolder } from './kernelFolder.ts';
import type { KernelRest } from './kernelProcess.ts';

/** What a window leaves of a session for the next. */
export interface SavedSession {
  readonly nextId: number;
  readonly current: SavedExecution | null;
  readonly queue: readonly SavedExecution[];
  readonly copies: CopyRest | null;
  /** Absent when it died without a word. */
  readonly rest?: KernelRest;
}

const file = 'session.json';
/** Milliseconds after which a change is on the disk, for the case that the window dies. */
const delay = 500;
/** Times the time that saving takes: pictures of a notebook may be many. */
const rest = 20;

/** The file in a kernel's folder with which a session goes on in the next window. */
export class SessionFile {
  private readonly folder: KernelFolder;
  private readonly saved: () => SavedSession;
  private readonly log: (text: string) => void;
  private timer: NodeJS.Timeout | undefined;
  private delay = delay;

  /** @param saved what there is to save now */
  constructor(folder: KernelFolder, saved: () => SavedSession, log: (text: string) => void) {
    this.folder = folder;
    this.saved = saved;
    this.log = log;
  }

  static load(folder: KernelFolder): SavedSession | null {
    return folder.load(file) as SavedSession | null;
  }

  /** Not at once: a cell that is done in a millisecond waits for nothing. */
  changed(): void {
    this.timer ??= setTimeout(() => this.save(), this.delay).unref();
  }

  /** @param left of a session that ends here and goes on elsewhere */
  save(left?: KernelRest): void {
    this.stop();
    const begin = performance.now();
    try {
      this.folder.save(file, { ...this.saved(), ...(left === undefined ? {} : { rest: left }) });
      this.delay = Math.max(delay, rest * (performance.now() - begin));
    } catch (error) {
      this.log(`What the next window needs cannot be saved: ${error}`);
    }
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

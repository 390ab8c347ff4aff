import type { SavedExecution } from './execution.ts';
import type { KernelFolder } from './kernelFolder.ts';
import type { KernelRest } from './kernelProcess.ts';

/** What a window leaves of a session for the next. */
export interface SavedSession {
  readonly nextId: number;
  readonly current: SavedExecution | null;
  readonly queue: readonly SavedExecution[];
  /** Absent when it died without a word. */
  readonly rest?: KernelRest;
}

const file = 'session.json';
/** Milliseconds after which a change is on the disk, for the case that the window dies. */
const delay = 500;

/** The file in a kernel's folder with which a session goes on in the next window. */
export class SessionFile {
  private readonly folder: KernelFolder;
  private readonly saved: () => SavedSession;
  private readonly log: (text: string) => void;
  private timer: NodeJS.Timeout | undefined;

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
    this.timer ??= setTimeout(() => this.save(), delay).unref();
  }

  /** @param rest of a session that ends here and goes on elsewhere */
  save(rest?: KernelRest): void {
    this.stop();
    try {
      this.folder.save(file, { ...this.saved(), ...(rest === undefined ? {} : { rest }) });
    } catch (error) {
      this.log(`What the next window needs cannot be saved: ${error}`);
    }
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

import * as vscode from 'vscode';
import type { CellState } from '../kernel/cellState.ts';
import type { KernelFolder } from '../kernel/kernelFolder.ts';
import type { CellRun, CellRuns } from './cellRuns.ts';

const start = 'run-';
/** Milliseconds between a change and the disk, for the case that the window dies. */
const delay = 1_000;

const nameOf = (id: number): string => `${start}${id}.json`;

/**
 * Keeps the runs of Python files in the folders of their kernels, one file each: they come back with the
 * kernel when the window reloads, and go with it.
 */
export class SavedRuns implements vscode.Disposable {
  private readonly runs: CellRuns;
  private readonly folderOf: (uri: vscode.Uri) => KernelFolder | null;
  private readonly log: vscode.LogOutputChannel;
  private readonly listener: vscode.Disposable;
  private readonly changed = new Set<string>();
  /** What is on the disk, by document. */
  private readonly written = new Map<
    string,
    { folder: KernelFolder; states: Map<number, CellState> }
  >();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    runs: CellRuns,
    folderOf: (uri: vscode.Uri) => KernelFolder | null,
    log: vscode.LogOutputChannel,
  ) {
    this.runs = runs;
    this.folderOf = folderOf;
    this.log = log;
    this.listener = runs.onDidChange((uri) => {
      this.changed.add(uri);
      this.timer ??= setTimeout(() => this.save(), delay);
    });
  }

  /** Before the kernels are left to the next window. */
  dispose(): void {
    this.listener.dispose();
    this.save();
  }

  /** Brings back what an earlier window has left; the runs. */
  restore(folder: KernelFolder): readonly CellRun[] {
    const names = folder.names().filter((name) => name.startsWith(start) && name.endsWith('.json'));
    const runs = names.flatMap((name) => (folder.load(name) as CellRun | null) ?? []);
    this.runs.restore(runs);
    return runs;
  }

  private save(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const uri of this.changed) {
      const folder = this.folderOf(vscode.Uri.parse(uri));
      try {
        if (folder !== null) this.saveInto(folder, uri);
      } catch (error) {
        this.log.info(`Results cannot be kept for the next window: ${error}`);
      }
    }
    this.changed.clear();
  }

  /** States are never changed, only replaced: the same one is on the disk already. */
  private saveInto(folder: KernelFolder, uri: string): void {
    const before = this.written.get(uri);
    const known =
      before?.folder.path === folder.path ? before.states : new Map<number, CellState>();
    const states = new Map<number, CellState>();
    for (const run of this.runs.of(uri)) {
      if (known.get(run.id) !== run.state) folder.save(nameOf(run.id), run);
      states.set(run.id, run.state);
    }
    for (const id of known.keys()) if (!states.has(id)) folder.forget(nameOf(id));
    this.written.set(uri, { folder, states });
  }
}

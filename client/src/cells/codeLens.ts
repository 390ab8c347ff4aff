import * as vscode from 'vscode';
import type { CellPhase } from '../kernel/cellState.ts';
import type { CellRuns } from './cellRuns.ts';
import { cellsOf, hasOwnCells } from './documentCells.ts';

/** Milliseconds after which a cell is busy enough for another lens: most end before, and none flickers. */
const patience = 1_000;

/** Run on Metal above every cell; Interrupt while it runs, Cancel while it waits. */
export class CellLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly runs: CellRuns;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.changed.event;
  /** The cells that the lenses show as busy. */
  private busy: ReadonlyMap<number, CellPhase> = new Map();
  private timer: NodeJS.Timeout | undefined;

  constructor(runs: CellRuns) {
    this.runs = runs;
    this.listeners = [
      this.changed,
      vscode.languages.registerCodeLensProvider({ language: 'python' }, this),
      runs.onDidChange(() => this.refresh()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('smelt.codeLens')) this.changed.fire();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const listener of this.listeners) listener.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const shown = vscode.workspace.getConfiguration('smelt.codeLens', document).get('enable', true);
    if (!shown || !hasOwnCells(document)) return [];
    const runs = this.runs.of(document.uri.toString());
    return cellsOf(document).flatMap((cell, i) => {
      const range = new vscode.Range(cell.first, 0, cell.first, 0);
      const run = runs.find(({ first, id }) => first === cell.first && this.busy.has(id));
      if (run !== undefined) {
        return this.busy.get(run.id) === 'running'
          ? [lens(range, '$(debug-stop) Interrupt', 'smelt.interrupt', document.uri)]
          : [lens(range, '$(close) Cancel', 'smelt.cancelCell', run.id)];
      }
      return [
        lens(range, '$(play) Run on Metal', 'smelt.runCell', document.uri, cell.first),
        ...(i > 0 ? [lens(range, 'Run above', 'smelt.runAbove', document.uri, cell.first)] : []),
        lens(range, 'Profile', 'smelt.profileCell', document.uri, cell.first),
      ];
    });
  }

  /** What has ended is shown at once; output alone changes no lens, and comes often. */
  private refresh(): void {
    const busy = this.busyNow();
    if ([...this.busy.keys()].some((id) => !busy.has(id))) this.show();
    else if (!sameEntries(busy, this.busy)) {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.show();
      }, patience);
    }
  }

  private show(): void {
    const busy = this.busyNow();
    if (sameEntries(busy, this.busy)) return;
    this.busy = busy;
    this.changed.fire();
  }

  private busyNow(): Map<number, CellPhase> {
    return new Map(this.runs.unfinished.map(({ id, state }) => [id, state.phase]));
  }
}

const sameEntries = <K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);

const lens = (
  range: vscode.Range,
  title: string,
  command: string,
  ...args: unknown[]
): vscode.CodeLens => new vscode.CodeLens(range, { title, command, arguments: args });

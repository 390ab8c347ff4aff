import * as vscode from 'vscode';
import { isFinished } from '../kernel/cellState.ts';
import type { CellRuns } from './cellRuns.ts';
import { cellsOf, hasOwnCells } from './documentCells.ts';

/** Run on Metal above every cell; Interrupt while it runs. */
export class CellLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly runs: CellRuns;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.changed.event;
  private busy = '';

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
    for (const listener of this.listeners) listener.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const shown = vscode.workspace.getConfiguration('smelt.codeLens', document).get('enable', true);
    if (!shown || !hasOwnCells(document)) return [];
    const runs = this.runs.of(document.uri.toString());
    return cellsOf(document).flatMap((cell, i) => {
      const range = new vscode.Range(cell.first, 0, cell.first, 0);
      const running = runs.some((run) => run.first === cell.first && !isFinished(run.state));
      if (running) {
        return [lens(range, '$(debug-stop) Interrupt', 'smelt.interrupt', document.uri)];
      }
      return [
        lens(range, '$(play) Run on Metal', 'smelt.runCell', document.uri, cell.first),
        ...(i > 0 ? [lens(range, 'Run above', 'smelt.runAbove', document.uri, cell.first)] : []),
        lens(range, 'Profile', 'smelt.profileCell', document.uri, cell.first),
      ];
    });
  }

  /** Output alone changes no lens, and comes often. */
  private refresh(): void {
    const busy = vscode.workspace.textDocuments
      .flatMap(({ uri }) => this.runs.of(uri.toString()))
      .filter(({ state }) => !isFinished(state))
      .map(({ uri, first }) => `${uri}:${first}`)
      .join();
    if (busy === this.busy) return;
    this.busy = busy;
    this.changed.fire();
  }
}

const lens = (
  range: vscode.Range,
  title: string,
  command: string,
  ...args: unknown[]
): vscode.CodeLens => new vscode.CodeLens(range, { title, command, arguments: args });

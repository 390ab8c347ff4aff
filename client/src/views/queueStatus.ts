import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CellRun, CellRuns } from '../cells/cellRuns.ts';
import { titleOf } from '../cells/percentCells.ts';
import type { QueueCell } from './queueText.ts';
import { queueLabel, queueSentences } from './queueText.ts';

/** Milliseconds between two looks while cells run: short ones never get here. */
const tick = 1_000;
/** Cells that the tooltip names. */
const longestTooltip = 10;

/** While cells run: for how long, and how many wait, whatever file is in front. */
export class QueueStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'smelt.queue',
    vscode.StatusBarAlignment.Left,
  );
  private readonly runs: CellRuns;
  private readonly listener: vscode.Disposable;
  private ticking: NodeJS.Timeout | undefined;

  constructor(runs: CellRuns) {
    this.runs = runs;
    this.item.name = 'Smelt: Running Cells';
    this.item.command = 'smelt.showQueue';
    this.listener = runs.onDidChange(() => this.follow());
  }

  dispose(): void {
    clearInterval(this.ticking);
    this.listener.dispose();
    this.item.dispose();
  }

  private follow(): void {
    const isBusy = this.runs.unfinished.length > 0;
    if (isBusy) this.ticking ??= setInterval(() => this.show(), tick);
    else {
      clearInterval(this.ticking);
      this.ticking = undefined;
      this.item.hide();
    }
  }

  private show(): void {
    const cells = this.runs.unfinished.map(queueCell);
    const sentences = queueSentences(cells.slice(0, longestTooltip));
    this.item.text = `$(loading~spin) ${queueLabel(cells)}`;
    this.item.tooltip = sentences.join('\n');
    this.item.accessibilityInformation = { label: `Smelt runs cells: ${sentences.join('; ')}` };
    this.item.show();
  }
}

/** A run as the queue shows it. */
export const queueCell = (run: CellRun): QueueCell => ({
  title: titleOf(run.text),
  file: basename(vscode.Uri.parse(run.uri).path),
  line: run.first + 1,
  isRunning: run.state.phase === 'running',
  ahead: run.state.ahead,
  seconds: Math.round((Date.now() - run.startedAt) / 1000),
});

import * as vscode from 'vscode';
import type { CellRun, CellRuns } from '../cells/cellRuns.ts';
import { hasOwnCells } from '../cells/documentCells.ts';
import { chosenParts } from './chosenParts.ts';
import { linesOfRun } from './profileHeat.ts';
import type { ReportLine, Tone } from './reportLine.ts';
import { reportLine } from './reportLine.ts';
import { hoverOf } from './runHover.ts';

const colors: Readonly<Record<Tone, string>> = {
  normal: 'smelt.inline.foreground',
  warning: 'smelt.inline.warning',
  error: 'smelt.inline.error',
};

/** Milliseconds between two paintings while output pours in. */
const frame = 100;
/** Lines that are painted at once; of more only those in sight are. */
const most = 200;

/** The line after the last line of each cell that runs or has run. */
export class InlineResults implements vscode.Disposable {
  private readonly runs: CellRuns;
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private readonly listeners: vscode.Disposable[];
  private readonly waiting = new Set<string>();
  private painting: NodeJS.Timeout | undefined;
  private readonly ticking: NodeJS.Timeout;

  constructor(runs: CellRuns) {
    this.runs = runs;
    this.listeners = [
      this.decoration,
      runs.onDidChange((uri) => this.schedule(uri)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.paintAll()),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor: { document } }) => {
        if (this.runs.of(document.uri.toString()).length > most)
          this.schedule(document.uri.toString());
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.tellContext()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('smelt.inline')) this.paintAll();
      }),
    ];
    // Running cells count seconds.
    this.ticking = setInterval(() => {
      for (const { document } of vscode.window.visibleTextEditors) {
        if (runs.isBusy(document.uri.toString())) this.schedule(document.uri.toString());
      }
    }, 1_000);
  }

  dispose(): void {
    clearInterval(this.ticking);
    clearTimeout(this.painting);
    for (const listener of this.listeners) listener.dispose();
  }

  /** What stands after each cell, in the order of the file. */
  linesOf(uri: string): string[] {
    return [...this.runs.of(uri)]
      .sort((a, b) => a.first - b.first)
      .flatMap((run) => lineOfRun(run)?.text ?? []);
  }

  private schedule(uri: string): void {
    this.waiting.add(uri);
    this.painting ??= setTimeout(() => {
      this.painting = undefined;
      // Before the lines: who sees one can clear it.
      this.tellContext();
      for (const each of this.waiting) this.paint(each);
      this.waiting.clear();
    }, frame);
  }

  private paintAll(): void {
    for (const { document } of vscode.window.visibleTextEditors)
      this.schedule(document.uri.toString());
  }

  private paint(uri: string): void {
    const runs = this.runs.of(uri);
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== uri) continue;
      const shown =
        hasOwnCells(editor.document) &&
        vscode.workspace.getConfiguration('smelt.inline', editor.document).get('enable', true);
      const seen = runs.length > most ? runs.filter((run) => isNear(run, editor)) : runs;
      editor.setDecorations(
        this.decoration,
        shown ? seen.flatMap((run) => decorationOf(run) ?? []) : [],
      );
    }
  }

  /** For the `when` of Escape. */
  private tellContext(): void {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const has = uri !== undefined && this.runs.of(uri).length > 0;
    void vscode.commands.executeCommand('setContext', 'smelt.hasResults', has);
  }
}

/** Is the end of the cell in sight, or a little above or below? */
const isNear = ({ last }: CellRun, { visibleRanges }: vscode.TextEditor): boolean =>
  visibleRanges.some(({ start, end }) => last >= start.line - most && last <= end.line + most);

/** The line of a run as it is now, in the parts that the user wants. */
export const lineOfRun = (run: CellRun): ReportLine | null =>
  reportLine(run.state, {
    seconds: Math.round((Date.now() - run.startedAt) / 1000),
    parts: chosenParts(vscode.Uri.parse(run.uri)),
    earlier: run.earlier,
    peak: run.peak,
  });

function decorationOf(run: CellRun): vscode.DecorationOptions | null {
  const line = lineOfRun(run);
  if (line === null) return null;
  const ownTime = linesOfRun(run).find((each) => each.line === run.last);
  return {
    range: new vscode.Range(run.last, 0, run.last, Number.MAX_SAFE_INTEGER),
    hoverMessage: hoverOf(run, line.text),
    renderOptions: {
      after: {
        contentText:
          ownTime === undefined ? line.text : `${ownTime.text}\u00a0\u00a0\u00a0${line.text}`,
        color: new vscode.ThemeColor(run.stale ? 'smelt.inline.stale' : colors[line.tone]),
        margin: '0 0 0 3ch',
        fontStyle: 'normal',
      },
    },
  };
}

import * as vscode from 'vscode';
import type { CellRun, CellRuns } from '../cells/cellRuns.ts';
import type { Heat, HeatLine } from './heatLines.ts';
import { heatLines } from './heatLines.ts';

const heats: readonly Heat[] = [0, 1, 2, 3, 4];

/** Time and device beside each line of a profiled cell, and its share as the colour behind it. */
export class ProfileHeat implements vscode.Disposable {
  private readonly runs: CellRuns;
  private readonly decorations = heats.map((heat) =>
    vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      ...(heat === 0
        ? {}
        : {
            backgroundColor: new vscode.ThemeColor(`smelt.profile.heat${heat}`),
            overviewRulerColor: new vscode.ThemeColor(`smelt.profile.heat${heat}`),
            overviewRulerLane: vscode.OverviewRulerLane.Full,
          }),
    }),
  );
  private readonly listeners: vscode.Disposable[];
  private readonly painted = new Set<string>();

  constructor(runs: CellRuns) {
    this.runs = runs;
    this.listeners = [
      ...this.decorations,
      runs.onDidChange((uri) => this.paint(uri)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) this.paint(document.uri.toString());
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  /** What stands beside the lines of a document, in the order of the file. */
  linesOf(uri: string): string[] {
    return this.runs
      .of(uri)
      .flatMap(linesOfRun)
      .sort((a, b) => a.line - b.line)
      .map(({ line, text }) => `${line + 1}: ${text}`);
  }

  private paint(uri: string): void {
    const lines = this.runs
      .of(uri)
      .flatMap((run) =>
        linesOfRun(run).map((line) => ({ ...line, isLast: line.line === run.last })),
      );
    if (lines.length === 0 && !this.painted.has(uri)) return;
    if (lines.length === 0) this.painted.delete(uri);
    else this.painted.add(uri);
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== uri) continue;
      for (const heat of heats) {
        const own = lines.filter((line) => line.heat === heat).map(decorationOf);
        editor.setDecorations(this.decorations[heat] as vscode.TextEditorDecorationType, own);
      }
    }
  }
}

/** Lines move with their cell, and go when it is edited. */
export function linesOfRun(run: CellRun): HeatLine[] {
  const { profile } = run.state;
  if (profile === null || run.stale) return [];
  const moved = run.first - run.ranAt;
  return heatLines(profile).map((line) => ({ ...line, line: line.line + moved }));
}

const decorationOf = ({
  line,
  text,
  detail,
  isLast,
}: HeatLine & { isLast: boolean }): vscode.DecorationOptions => ({
  range: new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER),
  hoverMessage: new vscode.MarkdownString(detail),
  // Behind the last line stands that of the cell, which begins with this one.
  ...(isLast
    ? {}
    : {
        renderOptions: {
          after: {
            contentText: text,
            // Readable on every step of the heat.
            color: new vscode.ThemeColor('descriptionForeground'),
            margin: '0 0 0 3ch',
          },
        },
      }),
});

import * as vscode from 'vscode';
import type { CellRuns } from '../cells/cellRuns.ts';
import { reportMarkdown } from '../views/reportMarkdown.ts';

/** Copies the whole report of a cell; the link in its hover names file and line. */
export const copyReport =
  (runs: CellRuns) =>
  async (uri: string, first: number): Promise<void> => {
    const run = runs.of(uri).find((each) => each.first === first);
    if (run === undefined) return;
    await vscode.env.clipboard.writeText(reportMarkdown(run.state));
    vscode.window.setStatusBarMessage('Report copied as Markdown', 3_000);
  };

import * as vscode from 'vscode';
import type { CellSamples } from '../benchmark/cellSamples.ts';
import { sampleCell } from '../benchmark/cellSamples.ts';
import { cellTable } from '../benchmark/cellTable.ts';
import type { CellRunner } from '../cells/cellRunner.ts';
import type { CellRuns } from '../cells/cellRuns.ts';
import { textOfLines } from '../cells/documentCells.ts';
import { titleOf } from '../cells/percentCells.ts';
import type { Kernels } from '../kernel/kernels.ts';
import { showTable } from '../views/tablePage.ts';
import { at, chosenCells } from './chosenCells.ts';

/** Runs a cell again and again in its own kernel, and shows the median and its spread. */
export const benchmarkCell =
  (runner: CellRunner, runs: CellRuns, kernels: Kernels) =>
  async (uri?: vscode.Uri | string, line?: number): Promise<CellSamples | undefined> => {
    const chosen = await chosenCells(at, uri, line);
    if (chosen === null) return undefined;
    const { document, cells } = chosen;
    const [cell] = cells;
    const { version } = document;
    const title = titleOf(textOfLines(document, cell.first, cell.last));
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => kernels.interrupt(document.uri));
        const samples = await sampleCell(
          'as it is',
          async () => {
            const end = await runner.run(document, cells);
            const run = runs.of(document.uri.toString()).find(({ first }) => first === cell.first);
            return { end, report: run?.state.report ?? null };
          },
          // What has been edited is no longer the cell that was measured.
          () => token.isCancellationRequested || document.version !== version,
          (done, most) => progress.report({ message: `run ${done} of ${most} at most` }),
        );
        showTable(cellTable(title, [samples], { compared: false }));
        return samples;
      },
    );
  };

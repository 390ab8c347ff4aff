import * as vscode from 'vscode';
import type { CellRunEnd, CellSamples } from '../benchmark/cellSamples.ts';
import { sampleCell } from '../benchmark/cellSamples.ts';
import { cellTable } from '../benchmark/cellTable.ts';
import { withoutGpu } from '../benchmark/withoutGpu.ts';
import { sourceOf } from '../cells/cellSource.ts';
import { textOfLines } from '../cells/documentCells.ts';
import { titleOf } from '../cells/percentCells.ts';
import type { CellSource } from '../kernel/execution.ts';
import type { KernelLaunch } from '../kernel/kernelLaunch.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { Report } from '../kernel/messages.gen.ts';
import { Session } from '../kernel/session.ts';
import { showTable } from '../views/tablePage.ts';
import { above, at, chosenCells } from './chosenCells.ts';

type Progress = (message: string) => void;

/** Runs a file down to a cell in a new kernel, and in one without the GPU, and shows both beside each other. */
export const compareDevices =
  (kernels: Kernels, log: vscode.LogOutputChannel) =>
  async (uri?: vscode.Uri | string, line?: number): Promise<readonly CellSamples[] | undefined> => {
    const chosen = await chosenCells(at, uri, line);
    if (chosen === null) return undefined;
    const { document, cells } = chosen;
    const [cell] = cells;
    const launch = await kernels.launch(document.uri);
    if (launch === null) return undefined;
    const before = above(document, cell.first).map((each) => sourceOf(document, each));
    const source = sourceOf(document, cell);
    const title = titleOf(textOfLines(document, cell.first, cell.last));
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        const measure = (name: string, prepared: readonly CellSource[]): Promise<CellSamples> =>
          inNewKernel(launch, log, token, (run) =>
            sampleAfter(name, prepared, source, run, token, (message) =>
              progress.report({ message: `${name}: ${message}` }),
            ),
          );
        const samples = [await measure('as it is', before)];
        if (samples[0]?.accelerator !== null && !token.isCancellationRequested)
          samples.push(await measure('without the GPU', [withoutGpu, ...before]));
        showTable(cellTable(title, samples, { compared: true }));
        return samples;
      },
    );
  };

type Run = (source: CellSource) => Promise<CellRunEnd>;

/** A kernel for one measurement; cancelling ends it. */
async function inNewKernel<T>(
  launch: KernelLaunch,
  log: vscode.LogOutputChannel,
  token: vscode.CancellationToken,
  use: (run: Run) => Promise<T>,
): Promise<T> {
  const session = new Session({ ...launch, log: (text) => log.info(text), ended: () => {} });
  const listener = token.onCancellationRequested(() => void session.end());
  try {
    return await use(async (source) => {
      let report: Report | null = null;
      const end = await session.execute(source, (event) => {
        if (event.type === 'report') report = event;
        // Nobody is asked twenty times.
        if (event.type === 'input_request') session.answer(event, null);
      });
      return { end, report };
    });
  } finally {
    listener.dispose();
    await session.end();
  }
}

async function sampleAfter(
  name: string,
  prepared: readonly CellSource[],
  source: CellSource,
  run: Run,
  token: vscode.CancellationToken,
  progress: Progress,
): Promise<CellSamples> {
  for (const [i, each] of prepared.entries()) {
    progress(`cell ${i + 1} of the ${prepared.length} before it`);
    const { end } = await run(each);
    if (end !== 'ok') return { name, device: null, accelerator: null, first: 0, times: [], end };
  }
  return sampleCell(
    name,
    () => run(source),
    () => token.isCancellationRequested,
    (done, most) => progress(`run ${done} of ${most} at most`),
  );
}

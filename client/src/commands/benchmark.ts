import * as vscode from 'vscode';
import { benchmarkTable } from '../benchmark/benchmarkTable.ts';
import type { BenchmarkResult } from '../benchmark/runBenchmark.ts';
import { runBenchmark } from '../benchmark/runBenchmark.ts';
import type { Kernels } from '../kernel/kernels.ts';
import { mayRun } from '../trust.ts';
import { formatWork } from '../views/format.ts';
import { showTable } from '../views/tablePage.ts';

const sizes = [1024, 2048, 4096, 8192, 16384];

/** Asks for a size, measures with progress that can be cancelled, and shows a page. */
export const benchmark =
  (kernels: Kernels, log: vscode.LogOutputChannel) =>
  async (size?: number): Promise<BenchmarkResult | undefined> => {
    if (!(await mayRun('A benchmark'))) return undefined;
    const chosen = typeof size === 'number' ? size : await askForSize();
    if (chosen === undefined) return undefined;
    const launch = await kernels.launch(vscode.window.activeTextEditor?.document.uri);
    if (launch === null) return undefined;
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Benchmark', cancellable: true },
      async (progress, token) => {
        progress.report({ message: 'starting Python' });
        const run = runBenchmark(launch, 'matmul', chosen, ({ label, total }) =>
          progress.report({ message: label, increment: 100 / Math.max(1, total) }),
        );
        token.onCancellationRequested(() => run.stop());
        try {
          const result = await run.result;
          showTable(benchmarkTable(result));
          return result;
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          log.error(message);
          const show = 'Show Log';
          void vscode.window.showErrorMessage(message, show).then((answer) => {
            if (answer === show) log.show();
          });
          return undefined;
        }
      },
    );
  };

/** undefined: the question was closed; null: each device its own size. */
async function askForSize(): Promise<number | null | undefined> {
  const picked = await vscode.window.showQuickPick(
    [
      {
        label: 'Matrix multiplication',
        description: '8192 × 8192 on a GPU, 2048 × 2048 on the CPU',
        size: null,
      },
      ...sizes.map((size) => ({
        label: `Matrix multiplication ${size} × ${size}`,
        description: `float32, ${formatWork(2 * size ** 3)}, on every device`,
        size,
      })),
    ],
    { title: 'Smelt: Benchmark', placeHolder: 'What to measure, on every device of torch and MLX' },
  );
  return picked?.size;
}

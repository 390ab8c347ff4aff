import * as vscode from 'vscode';
import type { CellRunner } from '../cells/cellRunner.ts';
import type { CellRun, CellRuns } from '../cells/cellRuns.ts';
import { activePythonEditor } from '../cells/documentCells.ts';
import type { Kernels } from '../kernel/kernels.ts';
import { queueCell } from '../views/queueStatus.ts';
import { placeText } from '../views/queueText.ts';

interface QueueItem extends vscode.QuickPickItem {
  readonly run?: CellRun;
  readonly clears?: true;
}

const reveal: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('go-to-file'),
  tooltip: 'Show in the editor',
};

/** Takes one cell out of the queue: the one of a lens or link, or that under the cursor. */
export const cancelCell =
  (runner: CellRunner, runs: CellRuns) =>
  (id?: number): void => {
    const waiting = typeof id === 'number' ? id : waitingAtCursor(runs)?.id;
    if (waiting !== undefined) runner.cancel(waiting);
    else void vscode.window.showInformationMessage('The cell under the cursor does not wait.');
  };

function waitingAtCursor(runs: CellRuns): CellRun | undefined {
  const editor = activePythonEditor();
  const line = editor?.selection.active.line ?? -1;
  return runs
    .of(editor?.document.uri.toString() ?? '')
    .find(({ state, first, last }) => state.phase === 'queued' && first <= line && line <= last);
}

/** Takes every cell that waits out of the queue; those that run go on. */
export const clearQueue = (runner: CellRunner) => (): void => runner.cancelAll();

/** The cells that run and wait, as a list that follows them; Enter stops the one that is marked. */
export const showQueue =
  (runner: CellRunner, runs: CellRuns, kernels: Kernels) => async (): Promise<void> => {
    const picker = vscode.window.createQuickPick<QueueItem>();
    picker.title = 'Smelt: Queue';
    picker.matchOnDescription = true;
    picker.keepScrollPosition = true;
    const show = (): void => {
      const marked = picker.activeItems[0];
      const cells = runs.unfinished;
      picker.placeholder = cells.length === 0 ? 'No cell runs or waits' : 'Enter stops a cell';
      picker.items = itemsOf(cells);
      const same = picker.items.filter((item) => marked !== undefined && isSame(item, marked));
      if (same.length > 0) picker.activeItems = same;
    };
    const listeners = [
      runs.onDidChange(() => {
        // Output alone moves nothing.
        const shown = picker.items.flatMap(({ run }) => (run === undefined ? [] : [stateOf(run)]));
        if (shown.join() !== runs.unfinished.map(stateOf).join()) show();
      }),
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item?.clears) runner.cancelAll();
        else if (item?.run?.state.phase === 'running')
          kernels.interrupt(vscode.Uri.parse(item.run.uri));
        else if (item?.run !== undefined) runner.cancel(item.run.id);
      }),
      picker.onDidTriggerItemButton(({ item }) => {
        if (item.run === undefined) return;
        picker.hide();
        void showRun(item.run);
      }),
    ];
    const closed = new Promise<void>((resolve) => picker.onDidHide(() => resolve()));
    show();
    picker.show();
    await closed;
    for (const each of [picker, ...listeners]) each.dispose();
  };

const isSame = (a: QueueItem, b: QueueItem): boolean =>
  a.run?.id === b.run?.id && a.clears === b.clears;

const stateOf = ({ id, state }: CellRun): string => `${id} ${state.phase} ${state.ahead}`;

function itemsOf(cells: readonly CellRun[]): QueueItem[] {
  const items = cells.map((run): QueueItem => {
    const cell = queueCell(run);
    return {
      label: `${cell.isRunning ? '$(debug-stop) Interrupt' : '$(close) Cancel'} ${cell.title}`,
      description: placeText(cell),
      buttons: [reveal],
      run,
    };
  });
  const waiting = cells.filter(({ state }) => state.phase === 'queued').length;
  if (waiting < 2) return items;
  return [
    ...items,
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: `$(clear-all) Cancel all ${waiting} that wait`, clears: true },
  ];
}

async function showRun({ uri, first }: CellRun): Promise<void> {
  const selection = new vscode.Range(first, 0, first, 0);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
}

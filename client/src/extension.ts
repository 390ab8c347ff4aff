import { join } from 'node:path';
import * as vscode from 'vscode';
import { CellKeys } from './cells/cellKeys.ts';
import { CellRunner } from './cells/cellRunner.ts';
import { CellRuns } from './cells/cellRuns.ts';
import { CellLenses } from './cells/codeLens.ts';
import { NotebookController } from './cells/notebookController.ts';
import { NotebookLines } from './cells/notebookLines.ts';
import { followRenaming } from './cells/renaming.ts';
import { SavedRuns } from './cells/savedRuns.ts';
import { tellCells } from './cells/tellCells.ts';
import { benchmark } from './commands/benchmark.ts';
import { benchmarkCell } from './commands/benchmarkCell.ts';
import { clearResults } from './commands/clearResults.ts';
import { compareDevices } from './commands/compareDevices.ts';
import { copyReport } from './commands/copyReport.ts';
import { installJupyterKernel, uninstallJupyterKernel } from './commands/jupyterKernel.ts';
import { interrupt, restartAndRunAll, restartKernel } from './commands/kernelCommands.ts';
import { makeEnvironment } from './commands/makeEnvironment.ts';
import { cancelCell, clearQueue, showQueue } from './commands/queue.ts';
import {
  profileCell,
  runAbove,
  runAllCells,
  runAndAdvance,
  runBelow,
  runCell,
  runSelection,
} from './commands/runCell.ts';
import { selectInterpreter } from './commands/selectInterpreter.ts';
import { showDevice } from './commands/showDevice.ts';
import { rulesOf, showRule } from './commands/showRule.ts';
import { showTimedWindow } from './commands/showTimedWindow.ts';
import { Kernels } from './kernel/kernels.ts';
import type { startLanguageClient } from './languageClient.ts';
import type { Machine } from './python/architecture.ts';
import { Host } from './python/architecture.ts';
import { DeviceState } from './python/deviceState.ts';
import { InterpreterChoice } from './python/interpreterChoice.ts';
import { tellInterpreters } from './python/tellInterpreters.ts';
import { chipPeak } from './views/chipPeak.ts';
import { HoverWatch } from './views/hoverWatch.ts';
import { InlineResults } from './views/inlineResults.ts';
import { ProfileHeat } from './views/profileHeat.ts';
import { QueueStatus } from './views/queueStatus.ts';
import { ResultsView, resultsViewId } from './views/resultsView.ts';
import { RulePages } from './views/rulePages.ts';
import { RunActions } from './views/runActions.ts';
import { RunDiagnostics } from './views/runDiagnostics.ts';
import { StatusBar } from './views/statusBar.ts';
import type { VariableNode } from './views/variablesView.ts';
import { VariablesView } from './views/variablesView.ts';

/** What other extensions and the tests may ask. */
export interface SmeltApi {
  /** The lines shown after the cells of a document, in the order of the file. */
  inlineLines(uri: vscode.Uri): string[];
  /** What stands beside the lines of profiled cells, with 1-based line numbers. */
  profileLines(uri: vscode.Uri): string[];
  /** The line under a cell of a notebook. */
  notebookLine(cell: vscode.NotebookCell): string | undefined;
  /** The label of the status bar item. */
  deviceLabel(): string;
  /** A line has appeared, changed or gone. */
  readonly onDidChangeLines: vscode.Event<unknown>;
  /** The line under a cell of a notebook is there, and saved with the notebook. */
  readonly onDidChangeNotebookLines: vscode.Event<unknown>;
  readonly onDidChangeDevice: vscode.Event<unknown>;
  /** Names of the variables in the view, each with what is said of it. */
  variables(): Promise<string[]>;
  /** Process id of the kernel of a document. */
  kernelPid(uri: vscode.Uri): number | undefined;
  /** In the tests' window only: another machine than this one, until null. */
  readonly recordMachine?: (machine: Machine | null) => void;
}

export function activate(context: vscode.ExtensionContext): SmeltApi {
  const log = vscode.window.createOutputChannel('Smelt', { log: true });
  const output = vscode.window.createOutputChannel('Smelt Cells');
  const runtime = context.asAbsolutePath('python-runtime');
  const host = new Host();
  const choice = new InterpreterChoice(context.workspaceState, host, async (paths) =>
    (await client).environments(paths),
  );
  const kernels = new Kernels(choice, host, runtime, log, kernelsFolder(context));
  const runs = new CellRuns();
  const saved = new SavedRuns(runs, (uri) => kernels.runningOf(uri)?.folder ?? null, log);
  const keys = new CellKeys(context.globalState);
  const runner = new CellRunner(kernels, runs, output, () => void keys.ask());
  const device = new DeviceState(choice, host, runtime, log);
  const heat = new ProfileHeat(runs);
  const inline = new InlineResults(runs);
  const hovers = new HoverWatch();
  const variables = new VariablesView(kernels, runs);
  const lines = new NotebookLines();
  const diagnostics = new RunDiagnostics(runs);
  // Before the notebooks: it takes the kernel of one that is closed because it has become a file.
  const renaming = followRenaming(kernels, runs);
  const notebooks = new NotebookController(
    kernels,
    lines,
    diagnostics,
    () => runs.peak,
    context.extension.id,
  );
  // Loaded behind activation: it is most of the bundle, and nobody waits for it to run a cell.
  const client: ReturnType<typeof startLanguageClient> = nextTurn()
    .then(() => import('./languageClient.ts'))
    .then((module) => module.startLanguageClient(context, log));
  const pages = new RulePages(async (rule) => (await client).rulePage(rule));

  const handlers: Readonly<Record<string, (...args: never[]) => unknown>> = {
    'smelt.runCell': runCell(runner),
    'smelt.runAndAdvance': runAndAdvance(runner),
    'smelt.runAllCells': runAllCells(runner),
    'smelt.runAbove': runAbove(runner),
    'smelt.profileCell': profileCell(runner),
    'smelt.benchmarkCell': benchmarkCell(runner, runs, kernels),
    'smelt.compareDevices': compareDevices(kernels, log),
    'smelt.runBelow': runBelow(runner),
    'smelt.runSelection': runSelection(runner),
    'smelt.interrupt': interrupt(kernels, runner),
    'smelt.showQueue': showQueue(runner, runs, kernels),
    'smelt.cancelCell': cancelCell(runner, runs),
    'smelt.clearQueue': clearQueue(runner),
    'smelt.restartKernel': restartKernel(kernels),
    'smelt.restartAndRunAll': restartAndRunAll(kernels, runAllCells(runner)),
    'smelt.clearResults': clearResults(runs, hovers),
    'smelt.selectInterpreter': selectInterpreter(choice, kernels),
    'smelt.makeEnvironment': makeEnvironment(choice, host, kernels, log),
    'smelt.installJupyterKernel': installJupyterKernel(kernels),
    'smelt.uninstallJupyterKernel': uninstallJupyterKernel(kernels),
    'smelt.benchmark': benchmark(kernels, log),
    'smelt.showDevice': showDevice(device),
    'smelt.showTimedWindow': showTimedWindow,
    'smelt.showRule': showRule(pages, rulesOf(context.extension.packageJSON)),
    'smelt.showResults': () => vscode.commands.executeCommand(`${resultsViewId}.focus`),
    'smelt.showVariables': () => vscode.commands.executeCommand('smelt.variables.focus'),
    'smelt.examineVariable': (node: VariableNode) => variables.examine(node),
    'smelt.showOutput': () => output.show(true),
    'smelt.restartServer': async () => (await client).restart(),
    'smelt.showLog': () => log.show(),
    'smelt.copyReport': copyReport(runs),
  };

  context.subscriptions.push(
    log,
    output,
    choice,
    // Before the kernels, which leave what is saved to the next window.
    saved,
    kernels,
    runs,
    device,
    inline,
    hovers,
    heat,
    pages,
    diagnostics,
    variables,
    renaming,
    new RunActions(async (document, range) => (await client).quickFixes(document, range)),
    new ResultsView(runs, context.extensionUri),
    new CellLenses(runs),
    new StatusBar(device),
    new QueueStatus(runs),
    lines,
    notebooks,
    ...Object.entries(handlers).map(([id, handler]) =>
      vscode.commands.registerCommand(id, (...args: never[]) => {
        if (id !== 'smelt.clearResults') hovers.closed();
        return handler(...args);
      }),
    ),
    device.onDidChange(() => {
      const { probe } = device.current;
      runs.peak = probe === null ? null : chipPeak(probe.chip, probe.gpu_cores);
    }),
    tellCells(),
    // A file's kernel outlives its tab, which is easily closed; nobody can come back to an untitled one.
    vscode.workspace.onDidCloseTextDocument(({ uri, isUntitled }) => {
      if (isUntitled) void kernels.closed(uri);
    }),
  );
  const attach = (): Promise<void> =>
    kernels.attach(
      (folder) => {
        const restored = saved.restore(folder);
        return () => runner.giveUp(restored);
      },
      (place, session, source) =>
        runner.resume(place, session, source) ?? notebooks.resume(place, session, source),
    );
  if (vscode.workspace.isTrusted) void attach();
  else context.subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => void attach()));
  client.then(
    (started) =>
      context.subscriptions.push(
        tellInterpreters(choice, (params) => started.interpreters(params)),
      ),
    (error: unknown) => log.error(`The language server did not start: ${String(error)}`),
  );

  return {
    inlineLines: (uri) => inline.linesOf(uri.toString()),
    profileLines: (uri) => heat.linesOf(uri.toString()),
    notebookLine: (cell) => lines.of(cell),
    variables: () => variables.lines(),
    deviceLabel: () => device.current.label,
    onDidChangeLines: runs.onDidChange,
    onDidChangeNotebookLines: lines.onDidChangeCellStatusBarItems,
    onDidChangeDevice: device.onDidChange,
    kernelPid: (uri) => kernels.runningOf(uri)?.pid,
    ...(context.extensionMode === vscode.ExtensionMode.Test
      ? {
          recordMachine: (machine: Machine | null) => {
            host.machine = machine ?? new Host().machine;
          },
        }
      : {}),
  };
}

/** Of this workspace: nobody looks into another's. Without one there is nobody to come back. */
function kernelsFolder({ storageUri }: vscode.ExtensionContext): string | null {
  return storageUri?.scheme === 'file' ? join(storageUri.fsPath, 'kernels') : null;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { commands, extensions } from 'vscode';
import type { SuiteResult } from '../window/config.ts';
import { benchmarks } from './benchmark.ts';
import { cells } from './cells.ts';
import { config } from './config.ts';
import { findings } from './findings.ts';
import { cellHover } from './hover.ts';
import { intelPython } from './intelPython.ts';
import { interpreters } from './interpreters.ts';
import { loadExtension } from './loadExtension.ts';
import { neighbour } from './neighbour.ts';
import { notebooks } from './notebook.ts';
import { notebookOutputs } from './notebookOutputs.ts';
import { oddities } from './oddities.ts';
import { onAMac } from './onAMac.ts';
import { outputs } from './outputs.ts';
import { closePage, screenshot } from './page.ts';
import { queue } from './queue.ts';
import { reload } from './reload.ts';
import { restricted } from './restricted.ts';
import { runCommands } from './runCommands.ts';
import { statusBar } from './statusBar.ts';
import { survival } from './survival.ts';
import { truth } from './truth.ts';
import { universalPython } from './universalPython.ts';
import { values } from './values.ts';

const suites = {
  trusted: [
    findings,
    values,
    statusBar,
    notebooks,
    notebookOutputs,
    loadExtension,
    benchmarks,
    interpreters,
    intelPython,
  ],
  cells: [cells, queue, cellHover, outputs, runCommands],
  truth: [truth, onAMac, universalPython, oddities, survival],
  restricted: [restricted],
  neighbour: [neighbour],
  reload: [reload],
  activation: [],
} as const;

/** VS Code calls this inside the extension host. */
export async function run(): Promise<void> {
  // Nothing of VS Code's own in the pictures.
  await commands.executeCommand('workbench.action.closeAuxiliaryBar');
  await commands.executeCommand('workbench.action.closeSidebar');
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: class {} as never });
  if (config.only !== null) mocha.fgrep(config.only);
  mocha.suite.emit('pre-require', globalThis, 'smelt', mocha);
  afterEach(async function () {
    const { state, title = '' } = this.currentTest ?? {};
    if (state === 'failed') await screenshot(`failed ${title.replaceAll('/', ' ')}`);
  });
  for (const suite of suites[config.suites]) suite();
  const activation = config.suites === 'activation' ? await measureActivation() : undefined;
  const result = { ...(await collect(mocha)), ...(activation === undefined ? {} : { activation }) };
  writeFileSync(config.results, JSON.stringify(together(result), null, 2));
  closePage();
  if (result.failed.length > 0) throw new Error(`${result.failed.length} failed`);
}

/** With what the window before this one has written. */
function together(result: SuiteResult): SuiteResult {
  if (!existsSync(config.results)) return result;
  const before = JSON.parse(readFileSync(config.results, 'utf8')) as SuiteResult;
  return {
    ...result,
    passed: [...before.passed, ...result.passed],
    failed: [...before.failed, ...result.failed],
    skipped: [...before.skipped, ...result.skipped],
  };
}

/** Loading the bundle and running activate(); nothing else has asked for Smelt in this window. */
async function measureActivation(): Promise<number> {
  const extension = extensions.getExtension('smelt.smelt');
  if (extension?.isActive !== false) throw new Error('Smelt is active already.');
  // The window's own start is over, so that nothing but Smelt is measured.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const start = performance.now();
  await extension.activate();
  return performance.now() - start;
}

function collect(mocha: Mocha): Promise<SuiteResult> {
  const passed: string[] = [];
  const failed: { title: string; error: string }[] = [];
  const skipped: { title: string; reason: string }[] = [];
  const { promise, resolve } = Promise.withResolvers<SuiteResult>();
  const runner = mocha.run(() => resolve({ passed, failed, skipped }));
  runner.on('pass', (test) => {
    console.log(`ok ${test.fullTitle()}`);
    passed.push(test.fullTitle());
  });
  runner.on('fail', (test, error) => {
    console.log(`FAILED ${test.fullTitle()}: ${error.stack}`);
    failed.push({ title: test.fullTitle(), error: error.stack ?? error.message });
  });
  runner.on('pending', (test) => {
    skipped.push({
      title: test.fullTitle(),
      reason: 'there is no page to look at in the desktop window',
    });
  });
  return promise;
}

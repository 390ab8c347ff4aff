import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from '../../.scripts/cache/chromium.ts';
import { vscodeServer } from '../../.scripts/cache/vscodeServer.ts';
import type { WindowOptions } from './window/browserWindow.ts';
import { runInBrowser } from './window/browserWindow.ts';
import type { SuiteConfig, SuiteResult } from './window/config.ts';
import { runOnDesktop } from './window/desktopWindow.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'test-results/e2e');
const suite = join(root, '.build/e2e/suite.cjs');

export interface Pythons {
  readonly full: string;
  readonly bare: string;
}

/** Milliseconds that Smelt's activation takes in a real VS Code; null where there is none. */
export async function measureActivation(pythons: Pythons): Promise<number | null> {
  const open = await windowOpener();
  if ('missing' in open) return null;
  await bundleSuite();
  const { activation, failed } = await runWindow(open.window, 'activation', pythons);
  if (activation === undefined) throw new Error(failed.map(({ error }) => error).join('\n'));
  return activation;
}

/** Runs suites, all unless some are named, in a real VS Code; dist must be built. */
export async function runEndToEnd(
  pythons: Pythons,
  chosen: readonly SuiteConfig['suites'][] = [
    'trusted',
    'cells',
    'truth',
    'restricted',
    'neighbour',
    'reload',
  ],
): Promise<SuiteResult> {
  const open = await windowOpener();
  if ('missing' in open) {
    return {
      passed: [],
      failed: [],
      skipped: [{ title: 'end to end in VS Code', reason: open.missing }],
    };
  }
  await bundleSuite();
  const results: SuiteResult[] = [];
  for (const suites of chosen) {
    results.push(await runWindow(open.window, suites, pythons));
  }
  return {
    passed: results.flatMap(({ passed }) => passed),
    failed: results.flatMap(({ failed }) => failed),
    skipped: results.flatMap(({ skipped }) => skipped),
  };
}

async function bundleSuite(): Promise<void> {
  await build({
    entryPoints: [join(root, 'test/e2e/suite/index.ts')],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  rmSync(folder, { recursive: true, force: true });
}

type Window = (options: WindowOptions) => Promise<number>;

async function windowOpener(): Promise<{ window: Window } | { missing: string }> {
  if (process.platform === 'darwin') return { window: runOnDesktop };
  const browser = await chromium();
  if ('missing' in browser) return browser;
  const server = await vscodeServer();
  return { window: (options) => runInBrowser(options, server, browser.path) };
}

async function runWindow(
  window: Window,
  suites: SuiteConfig['suites'],
  pythons: Pythons,
): Promise<SuiteResult> {
  const workspace = join(folder, `${suites}-workspace`);
  mkdirSync(workspace, { recursive: true });
  cpSync(join(root, 'test/workspaces/quickstart'), workspace, { recursive: true });
  mkdirSync(join(workspace, '.vscode'));
  writeFileSync(
    join(workspace, '.vscode/settings.json'),
    JSON.stringify({
      // Where there is a neighbour, it chooses.
      ...(suites === 'neighbour' ? {} : { 'smelt.python.interpreter': pythons.full }),
      'git.enabled': false,
    }),
  );
  const results = join(folder, `${suites}.json`);
  let log = '';
  const code = await window({
    project: root,
    neighbours:
      suites === 'neighbour'
        ? ['ms-python.python-0.0.1', 'ms-python.vscode-python-envs-0.0.1'].map((name) =>
            join(root, 'test/e2e', name),
          )
        : [],
    suite,
    config: {
      suites,
      workspace,
      only: process.env.SMELT_E2E_ONLY ?? null,
      results,
      python: pythons.full,
      barePython: pythons.bare,
      driver: null,
    },
    screenshots: join(root, 'test-results/screenshots'),
    log: (text) => {
      log += text;
    },
  }).catch((error: unknown) => {
    log += String(error);
    return 1;
  });
  writeFileSync(join(folder, `${suites}.log`), log);
  if (existsSync(results)) return JSON.parse(readFileSync(results, 'utf8')) as SuiteResult;
  const why = code === -1 ? 'The window hung.' : `The window ended with ${code} and no result.`;
  return {
    passed: [],
    failed: [{ title: `${suites} window`, error: `${why}\n${log.slice(-3_000)}` }],
    skipped: [],
  };
}

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium } from 'playwright-core';
import { folderUrl, startEditorServer } from '../../../.scripts/editorServer.ts';
import type { SuiteConfig } from './config.ts';
import { drivePage } from './pageDriver.ts';

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Milliseconds for a whole window; a suite that hangs is ended and said so. */
const limit = 8 * 60_000;

export interface WindowOptions {
  readonly project: string;
  /** Folders of other extensions in the window. */
  readonly neighbours: readonly string[];
  /** Module of the bundled suite. */
  readonly suite: string;
  readonly config: SuiteConfig;
  readonly screenshots: string;
  readonly log: (text: string) => void;
}

/** Runs the suite in VS Code's server and a headless browser; resolves with its exit code. */
export async function runInBrowser(
  options: WindowOptions,
  vscodeServer: string,
  executablePath: string,
): Promise<number> {
  mkdirSync(options.screenshots, { recursive: true });
  // Sockets have short names.
  const data = mkdtempSync(join(tmpdir(), 'smelt-e2e-'));
  const driver = join(data, 'page.sock');
  const trusted = options.config.suites !== 'restricted';
  for (const neighbour of options.neighbours)
    cpSync(neighbour, join(data, 'extensions', basename(neighbour)), { recursive: true });
  const server = await startEditorServer({
    server: vscodeServer,
    data,
    environment: { SMELT_E2E: JSON.stringify({ ...options.config, driver }) },
    flags: ['--enable-smoke-test-driver', ...(trusted ? ['--disable-workspace-trust'] : [])],
    log: options.log,
  });
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    let ended = Promise.withResolvers<number>();
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) =>
      options.log(`${args.join(' ')}\n`),
    );
    await page.exposeFunction('codeAutomationExit', (code: number) => ended.resolve(code));
    const stopDriver = await drivePage(page, driver, options.screenshots);
    const remote = (path: string): string => `vscode-remote://127.0.0.1:${server.port}${path}`;
    await page.goto(
      folderUrl(server, options.config.workspace, [
        ['extensionDevelopmentPath', remote(options.project)],
        ['extensionTestsPath', remote(options.suite)],
        ['skipWelcome', 'true'],
      ]),
    );
    const timer = setTimeout(() => ended.resolve(-1), limit);
    let code = await ended.promise;
    if (options.config.suites === 'reload' && code === 0) {
      ended = Promise.withResolvers();
      await page.reload();
      code = await ended.promise;
    }
    clearTimeout(timer);
    if (code === -1) await page.screenshot({ path: join(options.screenshots, 'hung.png') });
    stopDriver();
    return code;
  } finally {
    await browser.close();
    server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { cacheFolder } from '../../../.scripts/cache/cacheFolder.ts';
import type { WindowOptions } from './browserWindow.ts';

/** Runs the suite in the desktop's VS Code, which is downloaded; resolves with its exit code. */
export async function runOnDesktop(options: WindowOptions): Promise<number> {
  const trusted = options.config.suites !== 'restricted';
  const openWindow = (): Promise<number> =>
    runTests({
      cachePath: join(cacheFolder(), 'vscode-desktop'),
      extensionDevelopmentPath: [options.project, ...options.neighbours],
      extensionTestsPath: options.suite,
      launchArgs: [
        options.config.workspace,
        '--disable-extensions',
        '--skip-welcome',
        ...(trusted ? ['--disable-workspace-trust'] : []),
      ],
      extensionTestsEnv: { SMELT_E2E: JSON.stringify(options.config) },
    });
  const code = await openWindow();
  // The same data of the user: for a kernel that is a window that reloads.
  return options.config.suites === 'reload' && code === 0 ? openWindow() : code;
}

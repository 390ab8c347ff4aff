import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../runCommand.ts';
import { cached } from './cacheFolder.ts';

const version = '4.139.1';

/**
 * The folder of VS Code's own server, as code-server's npm package brings it. Native modules are not
 * built: only the integrated terminal misses them.
 */
export async function vscodeServer(): Promise<string> {
  const folder = await cached(`vscode-server-${version}`, async (place) => {
    console.error('Installing VS Code for the browser…');
    writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await runCommand('npm', ['install', `code-server@${version}`, ...quiet], { cwd: place });
    const server = join(place, 'node_modules/code-server/lib/vscode');
    await runCommand('npm', ['install', '--omit=dev', ...quiet], { cwd: server });
    await runCommand('npm', ['install', '--omit=dev', ...quiet], {
      cwd: join(server, 'extensions'),
    });
  });
  return join(folder, 'node_modules/code-server/lib/vscode');
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../runCommand.ts';
import { cached } from './cacheFolder.ts';

/** The oldest Node that package.json says the command line runs on: one that npm has for Linux and for the Mac. */
function oldestVersion(): string {
  const file = join(import.meta.dirname, '../../package.json');
  const { engines } = JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } };
  const version = /^>=(\d+\.\d+\.\d+)$/.exec(engines.node)?.[1];
  if (version === undefined) throw new Error(`"${engines.node}" names no oldest Node`);
  return version;
}

/**
 * Its program; the reason when it cannot be had here. Beside the package `node`, which the scripts run on, npm would not
 * know which of the two `node` is, so it has a folder of its own.
 */
export async function oldestNode(): Promise<
  { readonly path: string } | { readonly missing: string }
> {
  const { platform, arch } = process;
  const isMac = platform === 'darwin' && arch === 'arm64';
  const name = `${isMac ? 'node-bin' : 'node'}-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const wanted = `${name}@${oldestVersion()}`;
  try {
    const folder = await cached(wanted, async (place) => {
      console.error(`Installing ${wanted}…`);
      writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
      const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      await runCommand('npm', ['install', wanted, ...quiet], { cwd: place });
    });
    const file = platform === 'win32' ? 'bin/node.exe' : 'bin/node';
    return { path: join(folder, 'node_modules', name, file) };
  } catch (error) {
    return { missing: `${wanted} cannot be had: ${String(error).split('\n', 1)[0]}` };
  }
}

import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './runCommand.ts';

const root = join(import.meta.dirname, '..');

/** Writes the .vsix; its size in bytes. dist must be built. */
export async function packageExtension(path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  // The bundles hold everything: no package is needed at run time.
  const options = ['package', '--no-dependencies', '--out', path];
  await runCommand(join(root, 'node_modules/.bin/vsce'), options, { cwd: root });
  return statSync(path).size;
}

import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createVSIX } from '@vscode/vsce';

/** Writes the .vsix; its size in bytes. dist must be built. */
export async function packageExtension(path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  await createVSIX({
    cwd: join(import.meta.dirname, '..'),
    packagePath: path,
    // The bundles hold everything: no package is needed at run time.
    dependencies: false,
    allowMissingRepository: false,
  });
  return statSync(path).size;
}

import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from '../.scripts/build.ts';

const root = join(import.meta.dirname, '..');

/** Tests that start the bundles start those of these sources: vitest calls this before any test. */
export async function setup(): Promise<void> {
  const bundle = join(root, 'dist/server.js');
  const built = existsSync(bundle) ? statSync(bundle).mtimeMs : 0;
  const sources = globSync('{server,client}/src/**/*.ts', { cwd: root });
  if (sources.some((file) => statSync(join(root, file)).mtimeMs > built)) await buildAll();
}

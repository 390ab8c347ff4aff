import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from '../.scripts/build.ts';

/** `npm test` builds first; a single test file that is run by hand builds what is missing. */
export async function ensureBundles(): Promise<void> {
  if (!existsSync(join(import.meta.dirname, '../dist/server.js'))) await buildAll();
}

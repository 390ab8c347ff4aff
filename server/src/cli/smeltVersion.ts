import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version in package.json, which lies beside dist/ (or above server/src/cli/ in development). */
export function smeltVersion(): string {
  const here = typeof __dirname === 'string' ? __dirname : import.meta.dirname;
  for (const up of ['..', '../../..', '../..']) {
    try {
      const read: unknown = JSON.parse(readFileSync(join(here, up, 'package.json'), 'utf8'));
      const { name, version: found } = read as { name?: unknown; version?: unknown };
      if (name === 'smelt' && typeof found === 'string') return found;
    } catch {
      // Not here: the next place is tried.
    }
  }
  return 'unknown';
}

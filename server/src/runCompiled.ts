import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';

/** A bundle beside this one, or its source in development. */
export const beside = (name: string): string =>
  typeof __dirname === 'string'
    ? join(__dirname, `${name}.js`)
    : join(import.meta.dirname, `${name}.ts`);

/**
 * Runs such a file, and gives what it exports. What V8 makes of it is kept for the next run, in the
 * system's temporary folder as Node does it: half of the start goes into compiling. Before Node 22.1
 * there is no such thing.
 */
export function runCompiled(name: string): unknown {
  enableCompileCache?.();
  const file = beside(name);
  return createRequire(file)(file);
}

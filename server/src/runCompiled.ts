import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Runs a bundle beside this one, or its source in development. What V8 makes of it is kept for the next
 * run, in the system's temporary folder as Node does it: half of the start goes into compiling. Before
 * Node 22.1 there is no such thing.
 */
export function runCompiled(name: string): void {
  enableCompileCache?.();
  const file =
    typeof __dirname === 'string'
      ? join(__dirname, `${name}.js`)
      : join(import.meta.dirname, `${name}.ts`);
  createRequire(file)(file);
}

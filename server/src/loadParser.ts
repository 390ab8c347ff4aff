import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createParser, type PythonParser } from './syntax/parser.ts';

const runtime = 'web-tree-sitter.wasm';
const grammar = 'tree-sitter-python.wasm';

/** The parser with its wasm files, which lie beside the bundle or, in development, in node_modules. */
export async function loadParser(): Promise<PythonParser> {
  const [runtimeBytes, grammarBytes] = await Promise.all([
    readFile(locate(runtime, 'web-tree-sitter')),
    readFile(locate(grammar, 'tree-sitter-python')),
  ]);
  return createParser(runtimeBytes, grammarBytes);
}

function locate(file: string, packageName: string): string {
  const here = typeof __dirname === 'string' ? __dirname : import.meta.dirname;
  const beside = join(here, file);
  if (existsSync(beside)) return beside;
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    const installed = join(folder, 'node_modules', packageName, file);
    if (existsSync(installed)) return installed;
  }
  throw new Error(
    `${file} is missing beside ${here}: the installation is incomplete, install Smelt again.`,
  );
}

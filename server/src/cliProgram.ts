import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from './cli/main.ts';

/** Files that are loaded when they are needed: beside the bundle, or the sources in development. */
const beside = (name: string): string =>
  typeof __dirname === 'string'
    ? join(__dirname, `${name}.js`)
    : join(import.meta.dirname, `${name === 'server' ? 'main' : name}.ts`);

const host = {
  // The transport is read from process.argv by vscode-languageserver.
  startServer: async () => {
    await import(pathToFileURL(beside('server')).href);
  },
  workerFile: beside('checkWorker'),
};

main(process.argv.slice(2), host).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `smelt: internal error: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 2;
  },
);

import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { main } from './cli/main.ts';
import { beside } from './runCompiled.ts';

/** The command line, with the thread that was started before it and how to start others. */
export function runProgram(
  args: readonly string[],
  firstThread: Worker | null,
  startThread: () => Worker,
): void {
  const host = {
    // The transport is read from process.argv by vscode-languageserver.
    startServer: async () => {
      await import(pathToFileURL(beside(typeof __dirname === 'string' ? 'server' : 'main')).href);
    },
    firstThread,
    startThread,
  };
  main(args, host).then(
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
}

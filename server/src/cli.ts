import { join } from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { main } from './cli/main.ts';
import { startServer } from './lsp/server.ts';

const host = {
  // The transport is read from process.argv by vscode-languageserver.
  startServer: () => startServer(createConnection(ProposedFeatures.all)),
  workerFile:
    typeof __dirname === 'string'
      ? join(__dirname, 'checkWorker.js')
      : join(import.meta.dirname, 'checkWorker.ts'),
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

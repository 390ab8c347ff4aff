import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { main } from './cli/main.ts';
import { startServer } from './lsp/server.ts';

// The transport is read from process.argv by vscode-languageserver.
main(process.argv.slice(2), () => startServer(createConnection(ProposedFeatures.all))).then(
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

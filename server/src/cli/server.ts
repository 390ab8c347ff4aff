import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../lsp/server.ts';
import { CommandError } from './commandError.ts';

export const serverHelp = `usage: smelt server --stdio | --node-ipc

Runs the language server for an editor.
`;

/** The transport is read from process.argv by vscode-languageserver. */
export async function server(args: readonly string[]): Promise<number> {
  if (!args.includes('--stdio') && !args.includes('--node-ipc')) {
    throw new CommandError('server needs --stdio or --node-ipc');
  }
  startServer(createConnection(ProposedFeatures.all));
  // The connection ends the process when the client says exit or goes away.
  return new Promise<number>(() => {});
}

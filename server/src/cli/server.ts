import { CommandError } from './commandError.ts';

export const serverHelp = `usage: smelt server --stdio | --node-ipc

Runs the language server for an editor.
`;

/** `start` begins to listen to the editor. */
export async function server(args: readonly string[], start: () => void): Promise<number> {
  if (!args.includes('--stdio') && !args.includes('--node-ipc')) {
    throw new CommandError('server needs --stdio or --node-ipc');
  }
  start();
  // The connection ends the process when the client says exit or goes away.
  return new Promise<number>(() => {});
}

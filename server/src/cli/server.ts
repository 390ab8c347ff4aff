import { CommandError } from './commandLine/commandError.ts';
import { helpOption, readOptions } from './commandLine/options.ts';
import type { Verb } from './commandLine/verb.ts';

const options = {
  stdio: { type: 'boolean', help: 'speak over standard input and output' },
  'node-ipc': {
    type: 'boolean',
    help: 'speak over the channel of the Node process that started it',
  },
  clientProcessId: { type: 'string', value: 'PID', help: 'ends when this process ends' },
  ...helpOption,
} as const;

export const server: Verb = {
  name: 'server',
  usage: '--stdio | --node-ipc',
  summary: 'Run the language server for an editor',
  options,
  run: async (args, { startServer }) => {
    const { values } = readOptions(args, options);
    if (values.stdio !== true && values['node-ipc'] !== true)
      throw new CommandError('server needs --stdio or --node-ipc');
    await startServer();
    // The connection ends the process when the client says exit or goes away.
    return new Promise<number>(() => {});
  },
};

import type { Worker } from 'node:worker_threads';
import type { OptionTable } from './options.ts';
import { optionHelp } from './options.ts';

/** What the entry file gives to the verbs that start something. */
export interface Host {
  readonly startServer: () => Promise<void>;
  /** One that was started before anything else, as it takes a while. */
  readonly firstThread: Worker | null;
  readonly startThread: () => Worker;
}

export interface Verb {
  readonly name: string;
  /** After the name in the usage line. */
  readonly usage: string;
  readonly summary: string;
  /** Further sentences of its help. */
  readonly details?: string;
  readonly options: OptionTable;
  /** What its arguments are, for shell completion. */
  readonly completes?: 'files' | 'rules' | 'settings' | readonly string[];
  readonly run: (args: readonly string[], host: Host) => Promise<number>;
}

export const verbHelp = ({ name, usage, summary, details, options }: Verb): string =>
  [
    `usage: smelt ${name} ${usage}`.trimEnd(),
    `${summary}.${details === undefined ? '' : ` ${details}`}`,
    optionHelp(options),
  ].join('\n\n') + '\n';

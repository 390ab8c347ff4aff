import { helpOption, readOptions } from './commandLine/options.ts';
import type { Verb } from './commandLine/verb.ts';
import { textOrJson } from './rule.ts';
import { smeltVersion } from './smeltVersion.ts';

const options = { ...textOrJson, ...helpOption } as const;

export const version: Verb = {
  name: 'version',
  usage: '[options]',
  summary: 'Print the version',
  options,
  run: async (args) => {
    const { values } = readOptions(args, options);
    const found = { version: smeltVersion(), node: process.versions.node };
    process.stdout.write(
      values['output-format'] === 'json'
        ? `${JSON.stringify(found, null, 2)}\n`
        : `smelt ${found.version}\n`,
    );
    return 0;
  },
};

import { rules } from '../engine/registry.gen.ts';
import { helpOption, readOptions } from './commandLine/options.ts';
import type { Verb } from './commandLine/verb.ts';
import { textOrJson } from './rule.ts';

const options = { ...textOrJson, ...helpOption } as const;

export const listRules: Verb = {
  name: 'rules',
  usage: '[options]',
  summary: 'List all rules with code, severity and what they find',
  options,
  run: async (args) => {
    const { values } = readOptions(args, options);
    const metas = rules.map(({ meta }) => meta);
    if (values['output-format'] === 'json') {
      process.stdout.write(`${JSON.stringify(metas, null, 2)}\n`);
      return 0;
    }
    const width = Math.max(...metas.map(({ name }) => name.length));
    for (const { code, name, severity, summary } of metas) {
      process.stdout.write(`${code}  ${name.padEnd(width)}  ${severity.padEnd(7)}  ${summary}\n`);
    }
    return 0;
  },
};

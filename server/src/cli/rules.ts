import { rules } from '../engine/registry.gen.ts';
import { CommandError } from './commandError.ts';
import { readOptions } from './options.ts';

export const listRulesHelp = `usage: smelt rules [--output-format text|json]

Lists all rules with code, severity and what they find.
`;

export async function listRules(args: readonly string[]): Promise<number> {
  const { values } = readOptions(args, { 'output-format': { type: 'string', default: 'text' } });
  const metas = rules.map(({ meta }) => meta);
  if (values['output-format'] === 'json') {
    process.stdout.write(`${JSON.stringify(metas, null, 2)}\n`);
    return 0;
  }
  if (values['output-format'] !== 'text') {
    throw new CommandError(
      `unknown output format "${values['output-format']}"; text and json are known`,
    );
  }
  const width = Math.max(...metas.map(({ name }) => name.length));
  for (const { code, name, severity, summary } of metas) {
    process.stdout.write(`${code}  ${name.padEnd(width)}  ${severity.padEnd(7)}  ${summary}\n`);
  }
  return 0;
}

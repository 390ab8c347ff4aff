import { rules } from '../engine/registry.gen.ts';
import { rulePages } from '../engine/rulePages.gen.ts';
import { ruleUrl } from '../engine/ruleUrl.ts';
import { CommandError } from './commandError.ts';
import { readOptions } from './options.ts';

export const ruleHelp = `usage: smelt rule CODE [--output-format text|json]

Explains a rule, by its code (MPS201) or name (float64-to-mps).
`;

export async function rule(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, {
    'output-format': { type: 'string', default: 'text' },
  });
  const [wanted] = positionals;
  if (wanted === undefined) throw new CommandError('rule needs a code, such as smelt rule MPS201');
  const found = rules.find(
    ({ meta }) => meta.code === wanted.toUpperCase() || meta.name === wanted,
  );
  if (found === undefined)
    throw new CommandError(`unknown rule "${wanted}"; smelt rules lists all of them`);
  const { meta } = found;
  const page = rulePages[meta.name] ?? '';
  switch (values['output-format']) {
    case 'text':
      process.stdout.write(page);
      return 0;
    case 'json':
      process.stdout.write(
        `${JSON.stringify({ ...meta, url: ruleUrl(meta.name), page }, null, 2)}\n`,
      );
      return 0;
    default:
      throw new CommandError(
        `unknown output format "${values['output-format']}"; text and json are known`,
      );
  }
}

import { rules } from '../engine/registry.gen.ts';
import { ruleUrl } from '../engine/ruleUrl.ts';
import { didYouMean } from '../files/closest.ts';
import { ruleWords } from '../files/settingsValues.ts';
import type { Rule } from '../rules/rule.ts';
import { CommandError } from './commandLine/commandError.ts';
import { helpOption, readOptions } from './commandLine/options.ts';
import type { Verb } from './commandLine/verb.ts';

export const textOrJson = {
  'output-format': {
    type: 'string',
    value: 'FORMAT',
    choices: ['text', 'json'],
    help: 'how it is printed',
  },
} as const;

const options = {
  all: { type: 'boolean', help: 'explain every rule' },
  ...textOrJson,
  ...helpOption,
} as const;

export const rule: Verb = {
  name: 'rule',
  usage: 'CODE | NAME | --all [options]',
  summary: 'Explain a rule',
  details: 'A rule is named by its code (MPS201) or name (float64-to-mps).',
  options,
  completes: 'rules',
  run: async (args) => {
    const { values, positionals } = readOptions(args, options);
    const [wanted] = positionals;
    if (values.all !== true && wanted === undefined)
      throw new CommandError('rule needs a code, such as smelt rule MPS201, or --all');
    // The pages are most of the program, and nothing else needs them.
    const { rulePages } = await import('../engine/rulePages.gen.ts');
    const found = values.all === true ? rules : [ruleNamed(wanted ?? '')];
    const explained = found.map(({ meta }) => ({
      ...meta,
      url: ruleUrl(meta.name),
      page: rulePages[meta.name] ?? '',
    }));
    const asJson = values['output-format'] === 'json';
    process.stdout.write(
      asJson
        ? `${JSON.stringify(values.all === true ? explained : explained[0], null, 2)}\n`
        : explained.map(({ page }) => page).join('\n'),
    );
    return 0;
  },
};

function ruleNamed(wanted: string): Rule {
  const found = rules.find(
    ({ meta }) => meta.code === wanted.toUpperCase() || meta.name === wanted,
  );
  if (found !== undefined) return found;
  const meant = didYouMean(wanted, ruleWords()) || ' `smelt rules` lists all of them.';
  throw new CommandError(`unknown rule "${wanted}".${meant}`);
}

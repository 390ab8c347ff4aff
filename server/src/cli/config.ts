import { didYouMean } from '../files/closest.ts';
import type { SettingEntry } from '../files/settingsTable.ts';
import { settingNames, settingsTable } from '../files/settingsTable.ts';
import { isSetting } from '../files/settingsValues.ts';
import { CommandError } from './commandLine/commandError.ts';
import { helpOption, readOptions } from './commandLine/options.ts';
import type { Verb } from './commandLine/verb.ts';
import { textOrJson } from './rule.ts';

const options = { ...textOrJson, ...helpOption } as const;

export const config: Verb = {
  name: 'config',
  usage: '[SETTING] [options]',
  summary: 'List or describe the settings of smelt.toml and [tool.smelt]',
  options,
  completes: 'settings',
  run: async (args) => {
    const { values, positionals } = readOptions(args, options);
    const [name] = positionals;
    if (name !== undefined && !isSetting(name))
      throw new CommandError(`unknown setting "${name}".${didYouMean(name, settingNames)}`);
    if (values['output-format'] === 'json') {
      const shown = name === undefined ? settingsTable : settingsTable[name];
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
      return 0;
    }
    process.stdout.write(
      name === undefined ? `${settingNames.join('\n')}\n` : described(settingsTable[name]),
    );
    return 0;
  },
};

const described = (entry: SettingEntry): string =>
  [
    entry.summary,
    '',
    `Default: ${entry.default === null ? 'not set' : JSON.stringify(entry.default)}`,
    '',
    'smelt.toml:',
    `  ${entry.example}`,
    '',
    'pyproject.toml:',
    '  [tool.smelt]',
    `  ${entry.example}`,
    '',
  ].join('\n');

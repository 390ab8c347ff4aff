import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientData, CommandData } from '../contributions.ts';
import { readClientData } from '../contributions.ts';
import type { RulePair } from '../ruleFolder.ts';
import { readRuleFolder } from '../ruleFolder.ts';
import { ruleChoices } from '../ruleTable.ts';
import type { Generator } from './generator.ts';
import { schemaFile } from './settingsSchema.ts';

/**
 * Commands activate by themselves; languages of other extensions do not. A .env file is one that VS Code knows by its
 * language: searching each workspace for such files would cost every window something.
 */
const activationEvents = ['onLanguage:python', 'onNotebook:jupyter-notebook', 'onLanguage:dotenv'];

/** Settings that name rules, so that the settings editor completes them. */
const ruleSettings = ['smelt.lint.select', 'smelt.lint.ignore'];

/** The keys `contributes` and `activationEvents` of package.json; every other key stays as it is. */
export const packageJson: Generator = {
  label: 'package.json contributions',
  async generate(root) {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const client = await readClientData(root);
    const { pairs } = await readRuleFolder(root);
    const contributes = {
      commands: client.commands.map(command),
      menus: {
        commandPalette: client.commands.flatMap(paletteEntry),
        'view/item/context': client.viewItemMenus,
      },
      // Read by TOML extensions, such as Even Better TOML.
      tomlValidation: [{ fileMatch: ['smelt.toml', '.smelt.toml'], url: `./${schemaFile}` }],
      keybindings: client.commands.flatMap(keybinding),
      configuration: { title: 'Smelt', properties: settings(client, pairs) },
      colors: client.colors,
      viewsContainers: { panel: [{ id: 'smelt', title: 'Smelt', icon: '$(flame)' }] },
      views: { smelt: client.views },
      viewsWelcome: client.viewsWelcome,
      notebookRenderer: client.notebookRenderers,
      ...languages(root),
    };
    const text = `${JSON.stringify({ ...manifest, activationEvents, contributes }, null, 2)}\n`;
    return { files: new Map([['package.json', text]]) };
  },
};

const command = ({ id, title, category, icon, enablement }: CommandData): object => ({
  command: id,
  title,
  category: category ?? 'Smelt',
  icon,
  enablement,
});

const paletteEntry = ({ id, when }: CommandData): object[] =>
  when === undefined ? [] : [{ command: id, when }];

const keybinding = ({ id, keybinding: binding }: CommandData): object[] =>
  binding === undefined ? [] : [{ command: id, ...binding }];

function settings(client: ClientData, pairs: readonly RulePair[]): Record<string, object> {
  const choices = ruleChoices(pairs);
  return Object.fromEntries(
    Object.entries(client.settings).map(([name, schema]) => [
      name,
      ruleSettings.includes(name)
        ? {
            ...schema,
            items: {
              type: 'string',
              enum: choices.map(([value]) => value),
              enumDescriptions: choices.map(([, description]) => description),
            },
          }
        : schema,
    ]),
  );
}

interface Grammar {
  readonly name: string;
  readonly scopeName: string;
  readonly injectionSelector?: string;
  readonly fileTypes?: readonly string[];
}

/** A grammar with an injection selector goes into Python; any other brings a language of its own. */
function languages(root: string): object {
  const folder = join(root, 'syntaxes');
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.tmLanguage.json'))
        .sort()
    : [];
  const all = files.map((file) => ({
    path: `./syntaxes/${file}`,
    grammar: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Grammar,
  }));
  const own = all.filter(({ grammar }) => grammar.injectionSelector === undefined);
  return {
    languages: own.map(({ grammar }) => ({
      id: languageId(grammar),
      aliases: [grammar.name],
      extensions: grammar.fileTypes?.map((type) => `.${type}`),
      configuration: `./syntaxes/${languageId(grammar)}.language-configuration.json`,
    })),
    grammars: all.map(({ grammar, path }) =>
      own.some((entry) => entry.grammar === grammar)
        ? { language: languageId(grammar), scopeName: grammar.scopeName, path }
        : {
            scopeName: grammar.scopeName,
            path,
            injectTo: ['source.python'],
            ...embedding(
              grammar,
              own.map((entry) => entry.grammar),
            ),
          },
    ),
  };
}

/** Inside strings, the editor's brackets and comments follow the language that a grammar puts there. */
function embedding(grammar: Grammar, languages: readonly Grammar[]): object {
  const text = JSON.stringify(grammar);
  const embedded = languages
    .map(
      (language) => [`meta.embedded.block.${languageId(language)}`, languageId(language)] as const,
    )
    .filter(([scope]) => text.includes(scope));
  if (embedded.length === 0) return {};
  return {
    embeddedLanguages: Object.fromEntries(embedded),
    tokenTypes: Object.fromEntries(embedded.map(([scope]) => [scope, 'other'])),
  };
}

const languageId = ({ scopeName }: Grammar): string => scopeName.replace('source.', '');

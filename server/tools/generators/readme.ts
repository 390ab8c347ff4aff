import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SettingEntry } from '../../src/files/settingsTable.ts';
import { settingsTable } from '../../src/files/settingsTable.ts';
import type { ClientData } from '../contributions.ts';
import { readClientData } from '../contributions.ts';
import { readRuleFolder } from '../ruleFolder.ts';
import { ruleTable } from '../ruleTable.ts';
import type { Generator } from './generator.ts';

/** The tables of README.md, between `<!-- name:begin -->` and `<!-- name:end -->`. */
export const readme: Generator = {
  label: 'README tables',
  async generate(root) {
    const path = join(root, 'README.md');
    if (!existsSync(path)) return { files: new Map() };
    const client = await readClientData(root);
    const { pairs } = await readRuleFolder(root);
    const tables = {
      rules: ruleTable(pairs, 'server/docs/rules'),
      commands: commandTable(client),
      settings: settingTable(client),
      'settings-file': settingsFileTable(),
    };
    let text = readFileSync(path, 'utf8');
    for (const [name, table] of Object.entries(tables)) text = between(text, name, table);
    return { files: new Map([['README.md', text]]) };
  },
};

function between(text: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->\n`, `<!-- ${name}:end -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`README.md needs the lines "${begin.trim()}" and "${end}", in this order.`);
  return `${text.slice(0, from + begin.length)}${table}${text.slice(to)}`;
}

function commandTable({ commands }: ClientData): string {
  const rows = commands.map(
    ({ id, title, category = 'Smelt', keybinding }) =>
      `| ${category}: ${title} | \`${id}\` | ${keybinding === undefined ? '' : keys(keybinding)} |`,
  );
  return ['| Command | Id | Keys |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

const keys = ({ key, mac }: { readonly key: string; readonly mac?: string }): string =>
  mac === undefined ? key : `${mac} (Mac), ${key}`;

function settingTable({ settings }: ClientData): string {
  const rows = Object.entries(settings).map(
    ([name, schema]) =>
      `| \`${name}\` | \`${JSON.stringify(schema.default)}\` | ${inline(schema.markdownDescription ?? schema.description)} |`,
  );
  return ['| Setting | Default | What it does |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function settingsFileTable(): string {
  const rows = Object.entries(settingsTable).map(([name, entry]: [string, SettingEntry]) => {
    const value = name === 'exclude' ? 'environments, caches, build output' : shown(entry.default);
    return `| \`${name}\` | ${value} | ${inline(entry.summary)} |`;
  });
  return ['| Setting | Default | What it does |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

const shown = (value: unknown): string => (value === null ? '' : `\`${JSON.stringify(value)}\``);

const inline = (text: unknown): string =>
  String(text ?? '')
    .replaceAll('\n', ' ')
    .replaceAll('|', '\\|');

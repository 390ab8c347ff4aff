import type { SettingEntry, SettingTypes } from '../../src/files/settingsTable.ts';
import { outputFormats, settingsTable } from '../../src/files/settingsTable.ts';
import type { RulePair } from '../ruleFolder.ts';
import { readRuleFolder } from '../ruleFolder.ts';
import { ruleChoices } from '../ruleTable.ts';
import type { Generator } from './generator.ts';

/** Published, and named by `contributes.tomlValidation`. */
export const schemaFile = 'server/schema/smelt.schema.json';

const version = { type: 'string', pattern: '^\\d+(\\.\\d+)*[\\w.+]*$' };
const patterns = { type: 'array', items: { type: 'string' } };

const types: Readonly<Record<keyof SettingTypes, object>> = {
  rules: { type: 'array', items: { $ref: '#/definitions/rule' } },
  patterns,
  rulesByPattern: {
    type: 'object',
    additionalProperties: { type: 'array', items: { $ref: '#/definitions/rule' } },
  },
  version,
  versions: { type: 'object', additionalProperties: version },
  boolean: { type: 'boolean' },
  format: { type: 'string', enum: outputFormats },
  folder: { type: 'string', minLength: 1 },
  file: { type: 'string', minLength: 1 },
};

/** The JSON schema of smelt.toml, and of `[tool.smelt]`. */
export const settingsSchema: Generator = {
  label: 'settings schema',
  async generate(root) {
    const { pairs } = await readRuleFolder(root);
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: `https://raw.githubusercontent.com/smelt-dev/smelt/main/${schemaFile}`,
      title: 'Smelt',
      description: 'Settings of Smelt: smelt.toml, .smelt.toml or [tool.smelt] of pyproject.toml.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(Object.entries(settingsTable).map(property)),
      definitions: { rule: rule(pairs) },
    };
    return { files: new Map([[schemaFile, `${JSON.stringify(schema, null, 2)}\n`]]) };
  },
};

const property = ([name, entry]: [string, SettingEntry]): [string, object] => [
  name,
  {
    description: entry.summary,
    ...types[entry.type],
    ...(entry.default === null ? {} : { default: entry.default }),
  },
];

/** Beginnings of codes may be of any length, so the completions are not the whole truth. */
const rule = (pairs: readonly RulePair[]): object => ({
  type: 'string',
  anyOf: [
    { enum: ['ALL', ...ruleChoices(pairs).map(([value]) => value)] },
    { pattern: '^(MPS|MLX)\\d{0,3}$' },
  ],
});

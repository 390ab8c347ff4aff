import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Generator } from './generator.ts';
import { generatedNotice } from './generator.ts';

type Type =
  | { readonly kind: 'string' | 'integer' | 'number' | 'boolean' | 'any' }
  | { readonly kind: 'literal'; readonly values: readonly string[] }
  | { readonly kind: 'list' | 'dict' | 'optional'; readonly of: Type }
  | { readonly kind: 'name'; readonly name: string };

interface Field {
  readonly name: string;
  readonly type: Type;
  readonly doc: string;
}

/** What describe_messages.py prints. */
interface Messages {
  readonly constants: readonly { readonly name: string; readonly value: string | number }[];
  readonly aliases: readonly Field[];
  readonly unions: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly types: readonly {
    readonly name: string;
    readonly doc: string;
    readonly fields: readonly Field[];
  }[];
}

const sources = [
  'python-runtime/smelt_runtime/protocol.py',
  'python-runtime/smelt_runtime/messages.py',
  'python-runtime/smelt_runtime/question_messages.py',
  'python-runtime/smelt_runtime/tool_messages.py',
];

/** What the client reads from outside: each gets a `parse…` function. */
const parsed = ['Event', 'Probe', 'BenchmarkEvent'];

const checks = `
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isInteger: Check = (value) => Number.isInteger(value);
const isNumber: Check = (value) => typeof value === 'number';
const isBoolean: Check = (value) => typeof value === 'boolean';
const isAnything: Check = (value) => value !== undefined;
const oneOf = (...texts: readonly string[]): Check => (value) => typeof value === 'string' && texts.includes(value);
const orNull = (check: Check): Check => (value) => value === null || check(value);
const listOf = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const dictOf = (check: Check): Check => (value) => isRecord(value) && Object.values(value).every(check);
/** Every named field is there and right; more fields are no fault, so that a newer kernel is understood. */
const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const entries = Object.entries(fields);
  return (value) => isRecord(value) && entries.every(([name, check]) => check(value[name]));
};
const anyOf = (...members: readonly Check[]): Check => (value) => members.some((member) => member(value));
`;

/** The kernel's messages as TypeScript types, and the checks of what the kernel sends. */
export const kernelMessages: Generator = {
  label: 'kernel messages',
  async generate(root) {
    const files = sources.map((source) => describe(root, source));
    const messages: Messages = {
      constants: files.flatMap(({ constants }) => constants),
      aliases: files.flatMap(({ aliases }) => aliases),
      unions: files.flatMap(({ unions }) => unions),
      types: files.flatMap(({ types }) => types),
    };
    const text = [
      generatedNotice('python-runtime/smelt_runtime/*messages.py'),
      ...messages.constants.map(
        ({ name, value }) => `\nexport const ${name} = ${JSON.stringify(value)};\n`,
      ),
      ...messages.aliases.map(
        ({ name, type, doc }) => `\n${comment(doc, '')}export type ${name} = ${typeText(type)};\n`,
      ),
      ...messages.types.map(interfaceText),
      ...messages.unions.map(
        ({ name, members }) => `\nexport type ${name} = ${members.join(' | ')};\n`,
      ),
      checks,
      ...messages.aliases.map(
        ({ name, type }) => `const ${checkName(name)} = ${checkText(type)};\n`,
      ),
      ...messages.types.map(
        ({ name, fields }) =>
          `const ${checkName(name)} = shape({\n${fields.map((field) => `  ${field.name}: ${checkText(field.type)},\n`).join('')}});\n`,
      ),
      ...messages.unions.map(
        ({ name, members }) =>
          `const ${checkName(name)} = anyOf(${members.map(checkName).join(', ')});\n`,
      ),
      ...parsed.map(parseText),
    ].join('');
    // Checks of messages that only we send are not used.
    return { files: new Map([['client/src/kernel/messages.gen.ts', dropUnused(text)]]) };
  },
};

function describe(root: string, source: string): Messages {
  const script = join(root, 'server/tools/generators/describe_messages.py');
  try {
    return JSON.parse(
      execFileSync('python3', [script, join(root, source)], { encoding: 'utf8' }),
    ) as Messages;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      'python3 was not found: install Python 3.10 or newer to generate the kernel messages.',
    );
  }
}

const simpleTypes = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  any: 'unknown',
};
const simpleChecks = {
  string: 'isText',
  integer: 'isInteger',
  number: 'isNumber',
  boolean: 'isBoolean',
  any: 'isAnything',
};

function typeText(type: Type): string {
  switch (type.kind) {
    case 'literal':
      return type.values.map(quoted).join(' | ');
    case 'list':
      return type.of.kind === 'literal'
        ? `readonly (${typeText(type.of)})[]`
        : `readonly ${typeText(type.of)}[]`;
    case 'dict':
      return `Readonly<Record<string, ${typeText(type.of)}>>`;
    case 'optional':
      return `${typeText(type.of)} | null`;
    case 'name':
      return type.name;
    default:
      return simpleTypes[type.kind];
  }
}

function checkText(type: Type): string {
  switch (type.kind) {
    case 'literal':
      return `oneOf(${type.values.map(quoted).join(', ')})`;
    case 'list':
      return `listOf(${checkText(type.of)})`;
    case 'dict':
      return `dictOf(${checkText(type.of)})`;
    case 'optional':
      return `orNull(${checkText(type.of)})`;
    case 'name':
      return checkName(type.name);
    default:
      return simpleChecks[type.kind];
  }
}

const quoted = (text: string): string => `'${text}'`;
const checkName = (name: string): string => `is${name}`;

function comment(doc: string, indent: string): string {
  if (doc === '') return '';
  const lines = doc.replaceAll('*/', '*\\/').split('\n');
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return [
    `${indent}/**`,
    ...lines.map((line) => `${indent} * ${line}`.trimEnd()),
    `${indent} */`,
    '',
  ].join('\n');
}

function interfaceText({ name, doc, fields }: Messages['types'][number]): string {
  const members = fields.map(
    (field) => `${comment(field.doc, '  ')}  readonly ${field.name}: ${typeText(field.type)};\n`,
  );
  return `\n${comment(doc, '')}export interface ${name} {\n${members.join('')}}\n`;
}

const parseText = (name: string): string =>
  `\n/** The value when it is a whole ${name}, else null. */\nexport const parse${name} = (value: unknown): ${name} | null =>\n  ${checkName(name)}(value) ? (value as ${name}) : null;\n`;

/** Takes out constants that nothing mentions, which \`noUnusedLocals\` refuses. */
function dropUnused(text: string): string {
  const unused = [...text.matchAll(/^const (is\w+) = /gm)]
    .map((match) => match[1] ?? '')
    .find((name) => text.split(new RegExp(`\\b${name}\\b`)).length === 2);
  if (unused === undefined) return text;
  return dropUnused(
    text.replace(new RegExp(`^const ${unused} = (?:.*;\\n|[^]*?\\n\\}\\);\\n)`, 'm'), ''),
  );
}

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generate } from '../../server/tools/generate.ts';
import { packageJson } from '../../server/tools/generators/packageJson.ts';
import { registry } from '../../server/tools/generators/registry.ts';
import { rulePages } from '../../server/tools/generators/rulePages.ts';
import { newRule } from '../../server/tools/newRule.ts';

const checkout = resolve(import.meta.dirname, '../..');
const list = [registry, rulePages, packageJson];
let root: string;

const path = (file: string): string => join(root, file);
const read = (file: string): string => readFileSync(path(file), 'utf8');
const write = (file: string, text: string): void => writeFileSync(path(file), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smelt-generate-'));
  mkdirSync(path('server/src/rules'), { recursive: true });
  write(
    'package.json',
    JSON.stringify({ name: 'x', activationEvents: [], contributes: {}, scripts: { a: 'b' } }),
  );
});

afterEach(() => rmSync(root, { recursive: true }));

test('a checkout without rules has an empty registry', async () => {
  expect(await generate(root, list, false)).toMatchObject({ problems: [] });
  expect(read('server/src/engine/registry.gen.ts')).toContain(
    'export const rules: readonly Rule[] = [\n];',
  );
});

test('rules are registered in the order of their codes', async () => {
  newRule(root, 'timing', 'late-thing', 'MPS402');
  newRule(root, 'placement', 'early-thing', 'MPS109');
  expect((await generate(root, list, false)).problems).toEqual([]);
  const text = read('server/src/engine/registry.gen.ts');
  expect(text).toContain("import { rule as MPS109 } from '../rules/placement/early-thing.ts';");
  expect(text).toMatch(/\[\n {2}MPS109,\n {2}MPS402,\n\]/);
});

test('what is generated is up to date until a source changes', async () => {
  const [, page] = newRule(root, 'timing', 'late-thing', 'MPS402');
  await generate(root, list, false);
  expect(await generate(root, list, true)).toEqual({ stale: [], problems: [] });
  writeFileSync(page ?? '', `${readFileSync(page ?? '', 'utf8')}\nMore.\n`);
  expect((await generate(root, list, true)).stale).toEqual([
    'server/src/engine/rulePages.gen.ts',
    'server/docs/rules/late-thing.md',
  ]);
  expect(read('server/docs/rules/late-thing.md')).not.toContain('More.');
});

test('readers see no test markers, and the page of a rule that is gone goes too', async () => {
  const files = newRule(root, 'timing', 'late-thing', 'MPS402');
  await generate(root, list, false);
  const page = read('server/docs/rules/late-thing.md');
  expect(page).toContain('x = torch.zeros(3)\n');
  expect(page).not.toContain('#!');
  expect(page).toContain('**MPS402** · warning · no fix · since 0.1.0');
  for (const file of files) rmSync(file);
  await generate(root, list, false);
  expect(existsSync(path('server/docs/rules/late-thing.md'))).toBe(false);
});

test('half a pair, a wrong name and a code used twice are said', async () => {
  const [, page] = newRule(root, 'timing', 'one-thing', 'MPS402');
  newRule(root, 'timing', 'other-thing', 'MPS402');
  const [code] = newRule(root, 'timing', 'third-thing', 'MPS403');
  const [, lonely] = newRule(root, 'timing', 'fourth-thing', 'MPS404');
  writeFileSync(code ?? '', readFileSync(code ?? '', 'utf8').replace("'third-thing'", "'thing'"));
  rmSync(lonely ?? '');
  writeFileSync(page ?? '', '# Something\n');
  expect((await generate(root, [registry], false)).problems).toEqual([
    'server/src/rules/timing/fourth-thing.md is missing: a rule is a .ts and a .md side by side.',
    'server/src/rules/timing/one-thing.md must begin with the line "# one-thing (MPS402)".',
    'server/src/rules/timing/third-thing.ts calls its rule "thing": use the file\'s name.',
    'server/src/rules/timing/third-thing.md must begin with the line "# thing (MPS403)".',
    'one-thing and other-thing both have the code MPS402.',
  ]);
});

test('a rule that does not load is named, and other generators still run', async () => {
  const [code] = newRule(root, 'timing', 'one-thing', 'MPS402');
  writeFileSync(code ?? '', "import '../absent.ts';\n");
  const outcome = await generate(
    root,
    [registry, { label: 'last', generate: async () => ({ files: new Map([['a', 'b']]) }) }],
    false,
  );
  expect(outcome.problems[0]).toContain('rule registry:');
  expect(outcome.problems[0]).toContain('absent.ts');
  expect(read('a')).toBe('b');
});

test('package.json keeps its other keys and their order; grammars and rules are contributed', async () => {
  newRule(root, 'timing', 'late-thing', 'MPS402');
  cpSync(join(checkout, 'syntaxes'), path('syntaxes'), { recursive: true });
  mkdirSync(path('client/src'), { recursive: true });
  write(
    'client/src/settings.ts',
    "export const settings = { 'smelt.lint.select': { type: 'array', default: [] } };\n",
  );
  await generate(root, [packageJson], false);
  const manifest = JSON.parse(read('package.json'));
  expect(Object.keys(manifest)).toEqual(['name', 'activationEvents', 'contributes', 'scripts']);
  expect(manifest.activationEvents).toContain('onLanguage:python');
  expect(manifest.contributes.languages[0]).toMatchObject({ id: 'metal', extensions: ['.metal'] });
  expect(manifest.contributes.configuration.properties['smelt.lint.select'].items.enum).toEqual([
    'MPS',
    'MPS4',
    'MPS402',
    'late-thing',
  ]);
  const files = [
    ...manifest.contributes.languages.map(
      (language: { configuration: string }) => language.configuration,
    ),
    ...manifest.contributes.grammars.map((grammar: { path: string }) => grammar.path),
  ];
  expect(files.filter((file: string) => !existsSync(path(file)))).toEqual([]);
});

test.each([
  ['Timing', 'late-thing', 'MPS402', '"Timing" is no family'],
  ['timing', 'late', 'MPS402', '"late" is no rule name'],
  ['timing', 'late-thing', 'MPS42', '"MPS42" is no code'],
])('new-rule %s %s %s is refused', (family, name, code, message) => {
  expect(() => newRule(root, family, name, code)).toThrow(message);
});

test('new-rule does not overwrite a rule', () => {
  newRule(root, 'timing', 'late-thing', 'MPS402');
  expect(() => newRule(root, 'timing', 'late-thing', 'MPS403')).toThrow('exists already');
});

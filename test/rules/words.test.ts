import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules } from '../../server/src/engine/registry.gen.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { outlineOf } from '../../server/src/syntax/outline.ts';
import { find, findAll } from './findEverywhere.ts';
import { readAllBlocks } from './rulePage.ts';

const folder = join(import.meta.dirname, '../../server/src/rules');

const pages = globSync('*/*.md', { cwd: folder }).map((path) => join(folder, path));
const blocks = pages
  .flatMap((path) => readAllBlocks(readFileSync(path, 'utf8')))
  .filter(({ path }) => path.endsWith('.py'));

test('every finding of every page has one of the words of its rule in its file', () => {
  for (const { code, environment } of blocks) {
    const words = [...(outlineOf(code)?.words.keys() ?? [])];
    for (const { code: found } of findAll(code, environment)) {
      const rule = rules.find(({ meta }) => meta.code === found);
      if (rule?.meta.name === 'unused-suppression') continue;
      const has = (pattern: RegExp | null | undefined): boolean =>
        words.some((word) => pattern?.test(word) === true);
      const isLed =
        has(rule?.words) ||
        rule?.besides?.some((beside) => has(beside.words) && has(beside.needed)) === true;
      expect(isLed, `${found} is found without its words in\n${code}`).toBe(true);
      expect(rule?.applies?.(environment)).not.toBe(false);
    }
  }
});

test('what does not matter is left out without a difference in any page', () => {
  for (const { code, environment } of blocks)
    expect(find(code, environment), code).toEqual(findAll(code, environment));
});

test('a statement may have thousands of arms', () => {
  const arms = Array.from({ length: 10_000 }, (_, i) => `    case ${i}:\n        y = x\n`);
  const text = `import torch\nx = torch.ones(1).cuda()\nmatch x:\n${arms.join('')}`;
  expect(find(text, unknownEnvironment)).toHaveLength(1);
  for (const [test, count] of Object.entries({
    'x == 0': 10_000,
    'size == 0': 3000,
    'a and b': 10_000,
  })) {
    const elifs = `elif ${test}:\n    y = 1\n`.repeat(count);
    const chain = `import torch\nx = 5\nif x == 1:\n    pass\n${elifs}x = torch.ones(1).cuda()\n`;
    expect(find(chain, unknownEnvironment), test).toHaveLength(1);
  }
});

test('what every object has is no library function', () => {
  for (const { meta, calls } of rules)
    for (const name of Object.getOwnPropertyNames(Object.prototype))
      expect(calls?.(name) ?? false, `${meta.name} is about ${name}`).toBe(false);
});

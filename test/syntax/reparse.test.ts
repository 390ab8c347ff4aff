import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFile } from '../../server/src/syntax/parser.ts';
import { readBlocks } from '../rules/rulePage.ts';

const rulesFolder = join(import.meta.dirname, '../../server/src/rules');
const examples = globSync('*/*.md', { cwd: rulesFolder })
  .sort()
  .flatMap((page) => readBlocks(readFileSync(join(rulesFolder, page), 'utf8')))
  .map(({ code }) => code);

/** What people type, and what changes the meaning of the lines after it. */
const typed = [
  ...['a', ' ', '\n', '\n\n', '#', ' # note', 'x = 1\n', 'x = torch.\n', '    y = 2\n', '\ty\n'],
  ...['"', "'", '"""', "'''", 'f"{', '(', ')', '[', '{', ':', ',', '\\\n', ';', '\r\n', '@', '=\n'],
  ...[
    'else:\n',
    'elif x:\n    pass\n',
    'except E:\n    pass\n',
    'finally:\n',
    'async\n',
    '@mark\n',
  ],
  ...[
    'def f():\n',
    'class A:\n',
    'if x:\n',
    'return',
    '    # deep\n',
    '# %%\n',
    '%time x\n',
    '!ls\n',
  ],
];

test('after any edits the module is what parsing the whole text gives', () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removed: fc.oneof(fc.constant(0), fc.nat(30)),
    text: fc.oneof(fc.constantFrom(...typed), fc.constant('')),
  });
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...examples), { minLength: 1, maxLength: 4 }),
      fc.array(edit, { minLength: 1, maxLength: 6 }),
      (blocks, edits) => {
        let text = blocks.join('\n');
        let module = parseFile(text);
        for (const { at, removed, text: inserted } of edits) {
          const start = Math.floor(at * text.length);
          text = text.slice(0, start) + inserted + text.slice(start + removed);
          module = parseFile(text, module);
          const whole = parseFile(text);
          // How the text is read aside.
          const rest = { outline: null, readAll: null, brokenAt: null };
          expect({ ...module, ...rest }).toEqual({ ...whole, ...rest });
        }
      },
    ),
    { numRuns: 600 },
  );
}, 120_000);

test('what the edit does not touch is not parsed again', () => {
  // Lines of IPython may change what all others are.
  const text = examples.filter((code) => !code.includes('# %%')).join('\n');
  const [before] = [parseFile(text)];
  const last = text.lastIndexOf('\nimport ') + 1;
  const after = parseFile(`${text.slice(0, last)}# new\n${text.slice(last)}`, before);
  expect(after.body[0]).toBe(before?.body[0]);
});

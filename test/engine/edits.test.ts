import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import { find, findIn } from '../rules/findEverywhere.ts';
import { readBlocks } from '../rules/rulePage.ts';

const rulesFolder = join(import.meta.dirname, '../../server/src/rules');
const examples = globSync('*/*.md', { cwd: rulesFolder })
  .sort()
  .flatMap((page) => readBlocks(readFileSync(join(rulesFolder, page), 'utf8')))
  .map(({ code }) => code);

const quickstart = join(import.meta.dirname, '../workspaces/quickstart');
const files = globSync('*.py', { cwd: quickstart })
  .sort()
  .map((name) => readFileSync(join(quickstart, name), 'utf8'));

/** The text with the findings of every second line silenced: comments move with the lines. */
function silenced(text: string): string {
  const starts = find(text, unknownEnvironment).map(({ start }) => start);
  const ends = [...new Set(starts.map((start) => text.indexOf('\n', start)))].filter(
    (end, i) => end !== -1 && i % 2 === 0,
  );
  return ends.reduceRight(
    (longer, end) => `${longer.slice(0, end)}  # smelt: ignore${longer.slice(end)}`,
    text,
  );
}

/** What people type: also what makes findings come and go in other places. */
const typed = [
  ...['#', ' ', '\n', '    ', '(', '"', 'x', ' # smelt: ignore\n', '# smelt: ignore-file\n'],
  ...['import torch\n', 'import mlx.core as mx\n', 'device = "cuda"\n', 'global device\n'],
  ...[
    'def f():\n    return torch.device("mps")\n',
    'if not torch.cuda.is_available():\n    exit()\n',
  ],
  ...['class A(torch.nn.Module):\n', '.cuda()', 'torch.mps.synchronize()\n', 'mx.eval(x)\n'],
];

test('after any edits the findings and fixes are those of the text as it is', () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    lines: fc.nat(3),
    text: fc.oneof(fc.constantFrom(...typed), fc.constant('')),
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.constantFrom(...files, ...files.map(silenced)),
        fc
          .array(fc.constantFrom(...examples), { minLength: 2, maxLength: 5 })
          .map((blocks) => blocks.join('\n')),
      ),
      fc.array(edit, { minLength: 1, maxLength: 5 }),
      (first, edits) => {
        let text = first;
        let module = parseFile(text);
        for (const { at, lines, text: inserted } of edits) {
          const place = Math.floor(at * text.length);
          // At the beginning of a line or within it; what is deleted is whole lines.
          const start = lines === 0 ? place : text.lastIndexOf('\n', place) + 1;
          let end = start;
          for (let line = 1; line < lines && end < text.length; line += 1)
            end = text.indexOf('\n', end) + 1 || text.length;
          text = text.slice(0, start) + inserted + text.slice(end);
          module = parseFile(text, module);
          expect(findIn(module, unknownEnvironment)).toEqual(find(text, unknownEnvironment));
        }
      },
    ),
    { numRuns: 300 },
  );
}, 120_000);

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBlocks } from '../rules/rulePage.ts';
import { analyseText } from './analyseTree.ts';
import { applySafeFixes, FixCheck } from './fixProof.ts';
import { difference } from './summary.ts';

const python = process.env['SMELT_TEST_PYTHON'];
const rulesFolder = join(import.meta.dirname, '../../server/src/rules');

describe.skipIf(python === undefined)(
  'safe fixes (need SMELT_TEST_PYTHON, which npm test sets)',
  () => {
    const checked = async (code: string, before: string, after: string): Promise<string[]> => {
      const check = new FixCheck(python as string);
      check.add({ place: 'x.py:1', code, before, after });
      return (await check.end()).problems;
    };
    const cpu = 'device = "cuda" if torch.cuda.is_available() else "cpu"\n';

    test('every example of every page is the same program elsewhere after them', async () => {
      const check = new FixCheck(python as string);
      const problems: string[] = [];
      for (const page of globSync('*/*.md', { cwd: rulesFolder }).sort()) {
        for (const { code, line } of readBlocks(readFileSync(join(rulesFolder, page), 'utf8'))) {
          const file = analyseText(`${page}:${line}`, code);
          const fixed = applySafeFixes(file, (problem) => problems.push(problem));
          for (const text of fixed) check.add(text);
        }
      }
      const end = await check.end();
      expect([...problems, ...end.problems]).toEqual([]);
      expect(end.proven).toBeGreaterThan(10);
    });

    test('a fix that changes what CUDA machines do is found', async () => {
      const after =
        'device = "mps" if torch.backends.mps.is_available() else "cuda:1" if torch.cuda.is_available() else "cpu"\n';
      expect(await checked('MPS102', cpu, after)).toEqual([
        expect.stringContaining('is another program'),
      ]);
    });

    test('a fix that changes what machines with the CPU alone do is found', async () => {
      const after = cpu.replace('"cpu"', '"mps"');
      expect(await checked('MPS102', cpu, after)).toHaveLength(1);
    });

    test('a fix that does not compile is found', async () => {
      expect(await checked('MPS999', cpu, 'return\n')).toEqual([
        expect.stringContaining('does not compile'),
      ]);
    });
  },
);

test('a summary says what was added and removed, also twice on one line', () => {
  const before = ['MPS101: 1 error', 'a.py:1 MPS101'];
  const after = ['MPS101: 2 error', 'a.py:1 MPS101', 'a.py:1 MPS101'];
  expect(difference(before, after)).toEqual([
    '- MPS101: 1 error',
    '+ a.py:1 MPS101',
    '+ MPS101: 2 error',
  ]);
});

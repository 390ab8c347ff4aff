import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../../server/src/engine/registry.gen.ts';
import { readBlocks } from '../rules/rulePage.ts';

/**
 * A rule that says what a program does to its numbers is believed when its page's own code shows it: the
 * first *Example* and *Use instead* run on the installed MLX, and a file of this folder looks at what they
 * did. `<rule-name>.py` defines `check(bad, good)`, which raises AssertionError when the effect does not
 * show and returns the numbers that it measured.
 */
const python = process.env.SMELT_TEST_PYTHON;
const rulesFolder = join(import.meta.dirname, '../../server/src/rules');

/** Why a rule's effect is not run here. Whoever can show it adds the file and takes the line away. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['coreml-mlx-mixup', 'coremltools runs on macOS only'],
  ['mlx-metal-unguarded', 'says where a function raises; test/tables asks MLX'],
  ['mlx-cache-growth', 'how much MLX keeps is decided by the Metal allocator'],
  ['mlx-deprecated-metal-api', 'a notice on stderr, and no number changes'],
  ['mlx-float64-gpu', 'only a GPU build refuses float64'],
  ['mlx-linalg-needs-cpu', 'only a GPU build refuses these functions'],
  ['mlx-hardcoded-limit', 'how much memory a Mac has is not known here'],
  ['mlx-torch-method', 'test/tables asks the installed MLX for every method'],
]);

const fileOf = (rule: string): string => join(import.meta.dirname, `${rule}.py`);

const mlxRules = rules.filter(({ meta }) => meta.code.startsWith('MLX'));

test('every MLX rule runs its effect or says why it cannot', () => {
  const silent = mlxRules
    .map(({ meta }) => meta.name)
    .filter((name) => !existsSync(fileOf(name)) && !reasons.has(name));
  expect(silent).toEqual([]);
  const both = [...reasons.keys()].filter((name) => existsSync(fileOf(name)));
  expect(both).toEqual([]);
});

const names = rules.map(({ meta }) => meta.name).filter((name) => existsSync(fileOf(name)));

describe.skipIf(python === undefined)(
  'effects (need SMELT_TEST_PYTHON, which npm test sets)',
  () => {
    test.each(names)('%s', (name) => {
      const [page] = globSync(`*/${name}.md`, { cwd: rulesFolder });
      const blocks = readBlocks(readFileSync(join(rulesFolder, page as string), 'utf8'));
      const first = (wanted: string): string | undefined =>
        blocks.find(({ section }) => section === wanted)?.code;
      const done = spawnSync(
        python as string,
        [join(import.meta.dirname, 'runner.py'), fileOf(name)],
        {
          input: JSON.stringify({ bad: first('Example'), good: first('Use instead') }),
          encoding: 'utf8',
          env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
        },
      );
      expect(done.status, done.stderr).toBe(0);
      const numbers = Object.entries(JSON.parse(done.stdout) as Record<string, number>);
      expect(numbers.length).toBeGreaterThan(0);
      console.log(`${name}: ${numbers.map(([what, n]) => `${what} ${rounded(n)}`).join(', ')}`);
    });
  },
);

const rounded = (n: number): string =>
  Number.isInteger(n) ? String(n) : Number(n.toPrecision(3)).toString();

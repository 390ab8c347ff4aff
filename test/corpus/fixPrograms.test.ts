import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { applyFixes } from '../../server/src/engine/applyFixes.ts';
import { rules } from '../../server/src/engine/registry.gen.ts';
import { loadParser } from '../../server/src/loadParser.ts';
import type { PythonParser } from '../../server/src/syntax/parser.ts';
import { analyseText } from './analyseTree.ts';

/**
 * What a safe fix changes on machines with CUDA and on those with the CPU alone: nothing, or an exception
 * that is no longer raised. `programs/<rule-name>.py` is run before and after, on the installed torch and
 * MLX. Its comments say what is claimed: `# On cpu: the same`, `# On cuda: the same` (see run_programs.py),
 * or `# On cpu: raises AssertionError` for programs that run to their end after the fix only.
 */
const python = process.env['SMELT_TEST_PYTHON'];
const folder = join(import.meta.dirname, 'programs');

/** Rules whose safe fix no program can show here, and why. */
const reasons: ReadonlyMap<string, string> = new Map([]);

const fileOf = (rule: string): string => join(folder, `${rule}.py`);
const fixing = rules.filter(({ meta }) => meta.fix === 'safe' || meta.fix === 'mixed');
const programs = fixing.filter(({ meta }) => existsSync(fileOf(meta.name)));

interface Run {
  readonly printed: string;
  readonly error: string | null;
  readonly values: Readonly<Record<string, unknown>>;
  readonly calls: readonly string[];
}
interface Claim {
  readonly machine: string;
  /** The exception that is no longer raised; null when both are the same. */
  readonly raised: string | null;
}

function claimsOf(text: string): Claim[] {
  return [...text.matchAll(/^# On (cpu|cuda): (?:the same|raises (\w+))$/gm)].map(
    ([, machine = '', raised]) => ({ machine, raised: raised ?? null }),
  );
}

let parser: PythonParser;
beforeAll(async () => {
  parser = await loadParser();
});

const findings = (text: string) => analyseText(parser, 'program.py', text).findings;
const fixed = (text: string): string => applyFixes(text, findings, 'safe').text;

test('every rule with a safe fix has a program or says why it cannot', () => {
  const silent = fixing
    .map(({ meta }) => meta.name)
    .filter((name) => existsSync(fileOf(name)) === reasons.has(name));
  expect(silent).toEqual([]);
  const known = fixing.map(({ meta }) => `${meta.name}.py`);
  const strays = globSync('*.py', { cwd: folder }).filter((path) => !known.includes(basename(path)));
  expect(strays).toEqual([]);
});

test.each(programs.map(({ meta }) => [meta.name, meta.code]))(
  '%s: the finding is there, and gone after its safe fix',
  (name, code) => {
    const text = readFileSync(fileOf(name), 'utf8');
    const isFixable = (finding: ReturnType<typeof findings>[number]): boolean =>
      finding.code === code && finding.fixes.some(({ applicability }) => applicability === 'safe');
    expect(findings(text).filter(isFixable).length).toBeGreaterThan(0);
    expect(findings(fixed(text)).filter((finding) => finding.code === code)).toEqual([]);
  },
);

describe.skipIf(python === undefined)(
  'programs before and after their safe fixes (need SMELT_TEST_PYTHON, which npm test sets)',
  () => {
    const runs = new Map<string, { before: Run; after: Run }>();
    const cases = programs.flatMap(({ meta }) =>
      claimsOf(readFileSync(fileOf(meta.name), 'utf8')).map((claim) => ({
        name: meta.name,
        ...claim,
      })),
    );

    // One process for all: torch and MLX are loaded once.
    beforeAll(() => {
      const input = cases.map(({ name, machine }) => {
        const before = readFileSync(fileOf(name), 'utf8');
        return JSON.stringify({ name, machine, before, after: fixed(before) });
      });
      const done = spawnSync(python as string, [join(import.meta.dirname, 'run_programs.py')], {
        input: `${input.join('\n')}\n`,
        encoding: 'utf8',
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      });
      expect(done.status, done.stderr).toBe(0);
      for (const line of done.stdout.trim().split('\n')) {
        const { name, machine, ...run } = JSON.parse(line);
        runs.set(`${name} ${machine}`, run);
      }
    }, 120_000);

    test('every program is run on the CPU', () => {
      const onCpu = cases.filter(({ machine }) => machine === 'cpu').map(({ name }) => name);
      expect(onCpu).toEqual(programs.map(({ meta }) => meta.name));
    });

    test.each(cases)('$name on $machine', ({ name, machine, raised }) => {
      const run = runs.get(`${name} ${machine}`);
      if (run === undefined) throw new Error('was not run');
      const { before, after } = run;
      expect(after.error).toBe(null);
      expect(after.printed).not.toBe('');
      if (raised === null) {
        expect(after).toEqual(before);
        return;
      }
      expect(before.error).toMatch(new RegExp(`^${raised}\\b`));
      expect(after.printed.startsWith(before.printed)).toBe(true);
      expect(after.values).toMatchObject(before.values);
    });
  },
);

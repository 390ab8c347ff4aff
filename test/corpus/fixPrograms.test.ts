import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { applyFixes } from '../../server/src/engine/applyFixes.ts';
import { rules } from '../../server/src/engine/registry.gen.ts';
import { analyseText } from './analyseTree.ts';

/**
 * What a safe fix changes on machines with CUDA and on those with the CPU alone: nothing, or an exception
 * that is no longer raised. Each of `programs` is run before and after, on the installed torch and
 * MLX. Its comments say what is claimed: `# On cpu: the same`, `# On cuda: the same` (see run_programs.py),
 * or `# On cpu: raises AssertionError` for programs that run to their end after the fix only.
 */
const python = process.env['SMELT_TEST_PYTHON'];
const folder = join(import.meta.dirname, 'programs');

/** Rules whose safe fix no program can show here, and why. */
const reasons: ReadonlyMap<string, string> = new Map([]);

const fixing = rules.map(({ meta }) => meta).filter(({ fix }) => fix === 'safe' || fix === 'mixed');
const textOf = (program: string): string => readFileSync(join(folder, program), 'utf8');

/** `<rule-name>.py`, and `<rule-name>.<case>.py` for what one program cannot hold. */
const programs = globSync('*.py', { cwd: folder })
  .sort()
  .map((program) => {
    const rule = program.split('.')[0];
    return { program, code: fixing.find(({ name }) => name === rule)?.code };
  });

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

const findings = (text: string) => analyseText('program.py', text).findings;
const fixed = (text: string): string => applyFixes(text, findings, 'safe').text;

test('every rule with a safe fix has a program or says why it cannot', () => {
  const shown = new Set(programs.map(({ code }) => code));
  const wrong = fixing.filter(({ name, code }) => shown.has(code) === reasons.has(name));
  expect(wrong).toEqual([]);
  expect(programs.filter(({ code }) => code === undefined)).toEqual([]);
});

test.each(programs)('$program: the finding is there, and gone after its safe fix', (one) => {
  const text = textOf(one.program);
  const own = findings(text).filter(({ code }) => code === one.code);
  expect(own.length).toBeGreaterThan(0);
  for (const { fixes } of own) expect(fixes[0]?.applicability).toBe('safe');
  expect(findings(fixed(text)).filter(({ code }) => code === one.code)).toEqual([]);
});

describe.skipIf(python === undefined)(
  'programs before and after their safe fixes (need SMELT_TEST_PYTHON, which npm test sets)',
  () => {
    const runs = new Map<string, { before: Run; after: Run }>();
    const cases = programs.flatMap(({ program }) =>
      claimsOf(textOf(program)).map((claim) => ({ name: program, ...claim })),
    );

    // Changes that no fix may make, so that it is known that they would be seen.
    const changes = [
      {
        name: 'a value',
        machine: 'cpu',
        before: 'x = torch.ones(2)',
        after: 'x = torch.ones(2) * 2',
      },
      {
        name: 'a dtype',
        machine: 'cpu',
        before: 'x = torch.ones(2)',
        after: 'x = torch.ones(2).half()',
      },
      {
        name: 'a leaf',
        machine: 'cpu',
        before: 'x = torch.ones(2, requires_grad=True).half()',
        after: 'x = torch.ones(2, requires_grad=True, dtype=torch.half)',
      },
      { name: 'an array', machine: 'cpu', before: 'x = mx.ones(2)', after: 'x = mx.zeros(2)' },
      {
        name: 'a reading of the clock',
        machine: 'cpu',
        before: 'x = 1',
        after: 'time.time()\nx = 1\nprint(time.time())',
      },
      { name: 'an exception', machine: 'cpu', before: 'x = 1', after: 'x = 1 / 0' },
      { name: 'a wait', machine: 'cuda', before: 'torch.cuda.synchronize()', after: '' },
      {
        name: 'a device',
        machine: 'cuda',
        before: 'torch.ones(2, device="cuda")',
        after: 'torch.ones(2)',
      },
      {
        name: 'a copy that waits',
        machine: 'cuda',
        before: 'torch.ones(2).to("cuda", non_blocking=True)',
        after: 'torch.ones(2).to("cuda")',
      },
    ];
    const imports = 'import time\nimport torch\nimport mlx.core as mx\n';

    // One process for all: torch and MLX are loaded once.
    beforeAll(() => {
      const input = cases.map(({ name, machine }) => {
        const before = textOf(name);
        return JSON.stringify({ name, machine, before, after: fixed(before) });
      });
      for (const { before, after, ...change } of changes)
        input.push(JSON.stringify({ ...change, before: imports + before, after: imports + after }));
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
      expect(onCpu).toEqual(programs.map(({ program }) => program));
    });

    test.each(changes)('$name that changes is seen', ({ name, machine }) => {
      const run = runs.get(`${name} ${machine}`);
      expect(run).toBeDefined();
      expect(run?.after).not.toEqual(run?.before);
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
    });
  },
);

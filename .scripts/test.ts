import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runEndToEnd } from '../test/e2e/run.ts';
import { buildAll } from './build.ts';
import { oldestNode } from './cache/oldestNode.ts';
import { barePython, fullPython, otherPythons } from './cache/pythonEnvironments.ts';
import { vscodeServer } from './cache/vscodeServer.ts';
import { packageExtension } from './packageExtension.ts';
import { commandOutput } from './runCommand.ts';

const root = join(import.meta.dirname, '..');
const results = join(root, 'test-results');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

/** The packaged extension stays below this. */
const largestPackage = 2_000_000;

interface Outcome {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly skipped: readonly string[];
}

/** One step of the run, counted as its tests are. */
interface Step {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** A command that either passes or fails as a whole. */
const command = (name: string, program: string, ...args: readonly string[]): Step => ({
  name,
  run: async () => {
    const { code, output } = await commandOutput(program, args, { cwd: root });
    return code === 0
      ? { passed: 1, failures: [], skipped: [] }
      : { passed: 0, failures: [`${name}\n${output}`], skipped: [] };
  },
});

async function vitest(python: string, bare: string): Promise<Outcome> {
  const oldest = await oldestNode();
  const file = join(results, 'vitest.json');
  const { output } = await commandOutput(
    bin('vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    {
      cwd: root,
      env: {
        ...process.env,
        NO_COLOR: '1',
        SMELT_TEST_PYTHON: python,
        SMELT_TEST_BARE_PYTHON: bare,
        ...('path' in oldest ? { SMELT_TEST_OLDEST_NODE: oldest.path } : {}),
      },
    },
  );
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    success: boolean;
    testResults: {
      name: string;
      message: string;
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
    }[];
  };
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failures = all
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
  // A file that cannot be loaded has no tests that could fail.
  const broken = report.testResults
    .filter(({ assertionResults, message }) => assertionResults.length === 0 && message !== '')
    .map(({ name, message }) => `${name}\n${message}`);
  const unexplained = report.success || failures.length + broken.length > 0 ? [] : [output];
  return {
    passed: all.filter(({ status }) => status === 'passed').length,
    failures: [...failures, ...broken, ...unexplained],
    skipped: [
      ...('missing' in oldest ? [oldest.missing] : []),
      ...all
        .filter(({ status }) => status === 'pending' || status === 'skipped')
        .map(({ fullName }) => fullName),
    ],
  };
}

async function pytest(
  python: string,
  name: string,
  files: readonly string[] = [],
): Promise<Outcome> {
  const file = join(results, `pytest-${name}.xml`);
  const { code, output } = await commandOutput(
    python,
    ['-m', 'pytest', `--junitxml=${file}`, ...files],
    { cwd: join(root, 'python-runtime') },
  );
  const [suite = ''] = /<testsuite [^>]*>/.exec(readFileSync(file, 'utf8')) ?? [];
  const count = (attribute: string): number =>
    Number(new RegExp(` ${attribute}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  return {
    passed: count('tests') - failed - count('skipped'),
    failures:
      failed > 0 || (code !== 0 && code !== 5) ? [`pytest with ${name} Python\n${output}`] : [],
    skipped: [...output.matchAll(/^SKIPPED \[(\d+)\] (.*)$/gm)].map(
      ([, times, reason]) => `pytest with ${name} Python, ${times} of ${reason}`,
    ),
  };
}

/** What each version of Python does in its own way: code, its lines and errors, and the start. */
async function otherVersions(): Promise<Outcome> {
  const pythons = await otherPythons();
  const outcomes: Outcome[] = [];
  for (const { path, version } of pythons)
    outcomes.push(await pytest(path, version, ['tests/test_cells.py', 'tests/test_profile.py']));
  const skipped = pythons.length === 0 ? ['pytest with another Python: none was found'] : [];
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    // Their packages are missing as those of the bare one are, which says so.
    skipped,
  };
}

async function endToEnd(full: string, bare: string): Promise<Outcome> {
  const { passed, failed, skipped } = await runEndToEnd({ full, bare });
  return {
    passed: passed.length,
    failures: failed.map(({ title, error }) => `${title}\n${error}`),
    skipped: skipped.map(({ title, reason }) => `${title}: ${reason}`),
  };
}

async function packaging(): Promise<Outcome> {
  const size = await packageExtension(join(results, 'smelt.vsix'));
  return size < largestPackage
    ? { passed: 1, failures: [], skipped: [] }
    : { passed: 0, failures: [`The package has ${size} bytes.`], skipped: [] };
}

async function main(): Promise<number> {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const [full, bare] = [await fullPython(), await barePython()];
  // Its Python grammar is what the grammar tests inject into.
  if (process.platform !== 'darwin') await vscodeServer();
  const ruff = ['-m', 'ruff'];
  const steps: readonly Step[] = [
    command(
      'generated files',
      process.execPath,
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      'server/tools/generate.ts',
      '--check',
    ),
    command('types (tsc -b)', bin('tsc'), '-b'),
    command('lint and format (biome)', bin('biome'), 'ci', '.', '--diagnostic-level=warn'),
    command('Python lint (ruff check)', full, ...ruff, 'check', 'python-runtime'),
    command('Python format (ruff format)', full, ...ruff, 'format', '--check', 'python-runtime'),
    {
      name: 'bundles (esbuild)',
      run: async () => {
        await buildAll();
        return { passed: 1, failures: [], skipped: [] };
      },
    },
    { name: 'package (vsce)', run: packaging },
    { name: 'vitest', run: () => vitest(full, bare) },
    { name: 'pytest, with torch, MLX and IPython', run: () => pytest(full, 'full') },
    { name: 'pytest, with none of them', run: () => pytest(bare, 'bare') },
    { name: 'pytest, oldest and newest Python', run: otherVersions },
    { name: 'end to end in VS Code', run: () => endToEnd(full, bare) },
  ];
  const outcomes: Outcome[] = [];
  for (const { name, run } of steps) {
    const start = Date.now();
    const outcome = await run().catch((error: unknown) => ({
      passed: 0,
      failures: [`${name}\n${error instanceof Error ? error.stack : String(error)}`],
      skipped: [],
    }));
    outcomes.push(outcome);
    const { passed, failures, skipped } = outcome;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    const counts = `${passed} passed, ${failures.length} failed, ${skipped.length} skipped`;
    console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${counts} (${seconds} s)`);
  }
  for (const reason of outcomes.flatMap(({ skipped }) => skipped))
    console.log(`skipped: ${reason}`);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  for (const failure of failures) console.log(`\nFAILED ${failure}`);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = await main();

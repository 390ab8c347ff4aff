import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareVersions } from '../src/rules/versions.ts';
import { generate } from './generate.ts';
import { mpsOperators } from './generators/mpsOperators.ts';
import { missingOperators } from './operators/missingOperators.ts';
import type { OperatorKernels } from './operators/operatorKernels.ts';

const file = join(import.meta.dirname, 'operators/kernels.json');
const member = 'torchgen/packaged/ATen/native/native_functions.yaml';

/** The table with a column for `version`, made anew when it was there. */
export function withVersion(
  table: OperatorKernels,
  version: string,
  yaml: string,
): OperatorKernels {
  const missing = new Map<string, readonly string[]>();
  const others = Object.entries(table.missing).map(
    ([name, versions]) => [name, versions.filter((other) => other !== version)] as const,
  );
  for (const [name, versions] of others) if (versions.length > 0) missing.set(name, versions);
  for (const name of missingOperators(yaml, version))
    missing.set(name, [...(missing.get(name) ?? []), version].sort(compareVersions));
  return {
    about: table.about,
    versions: [...new Set([...table.versions, version])].sort(compareVersions),
    missing: Object.fromEntries([...missing].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** One line for each operator, so that a new version is a readable change. */
export function tableText({ about, versions, missing }: OperatorKernels): string {
  const list = (values: readonly string[]): string =>
    `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
  const lines = Object.entries(missing).map(
    ([name, lacking]) => `    ${JSON.stringify(name)}: ${list(lacking)}`,
  );
  return `{
  "about": ${JSON.stringify(about)},
  "versions": ${list(versions)},
  "missing": {
${lines.join(',\n')}
  }
}
`;
}

/** Downloads the Mac wheel of a version with pip and reads its list of operators. */
function operatorsOf(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'smelt-torch-'));
  try {
    const platforms = ['macosx_14_0_arm64', 'macosx_11_0_arm64'].flatMap((p) => ['--platform', p]);
    execFileSync(
      'python3',
      [
        ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:'],
        ...['--python-version', '3.12', ...platforms, '--dest', folder, `torch==${version}`],
      ],
      { stdio: 'inherit' },
    );
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error(`pip brought no wheel of torch ${version}`);
    const script =
      'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
    return execFileSync('python3', ['-c', script, join(folder, wheel), member], {
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const versions = process.argv.slice(2);
  if (versions.length === 0 || versions.some((version) => !/^\d+\.\d+\.\d+$/.test(version))) {
    console.error('Usage: npm run add-torch -- 2.16.0');
    process.exit(1);
  }
  let table = JSON.parse(readFileSync(file, 'utf8')) as OperatorKernels;
  for (const version of versions) table = withVersion(table, version, operatorsOf(version));
  writeFileSync(file, tableText(table));
  await generate(join(import.meta.dirname, '../..'), [mpsOperators], false);
}

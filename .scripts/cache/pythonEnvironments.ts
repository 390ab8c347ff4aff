import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../runCommand.ts';
import { cached } from './cacheFolder.ts';

const isMac = process.platform === 'darwin';

/** Everything that the tests run against. torch is pinned: its newest builds bring gigabytes of CUDA. */
const full = [
  'torch==2.13.0',
  isMac ? 'mlx==0.32.4' : 'mlx[cpu]==0.32.4',
  'numpy',
  'ipython',
  'ipykernel',
  'jupyter_client',
  'jupyter_kernel_test',
  'matplotlib',
  'pandas',
  'pytest',
  'ruff',
];
// uv makes environments for the tests of the extension.
const bare = ['pytest', 'uv'];

/** Python of an environment with torch, MLX and IPython. */
export const fullPython = (): Promise<string> => environment('full', full);

/** Python of an environment without torch, MLX and IPython. */
export const barePython = (): Promise<string> => environment('bare', bare);

/** Python of an environment with TorchFix, which `npm run bench` compares with. */
export const torchfixPython = (): Promise<string> =>
  environment('torchfix', ['torchfix==0.7.0', 'setuptools']);

/** Pythons with pytest alone of the oldest and the newest version on this machine that are not the tests' own. */
export async function otherPythons(): Promise<readonly BasePython[]> {
  const own = minor(basePython().version);
  const found = new Map<number, BasePython>();
  for (const path of [...versions, ...pyenvPythons()]) {
    const base = probe(path);
    if (typeof base !== 'string' && minor(base.version) !== own)
      found.set(minor(base.version), base);
  }
  const minors = [...found.keys()].sort((a, b) => a - b);
  const chosen = new Set([minors[0], minors.at(-1)].filter((each) => each !== undefined));
  return Promise.all(
    [...chosen].map(async (each) => {
      const base = found.get(each) as BasePython;
      return { ...base, path: await environment('bare', ['pytest'], base) };
    }),
  );
}

const minor = (version: string): number => Number(version.split('.')[1]);

/** What pyenv has and does not put on the PATH. */
function pyenvPythons(): readonly string[] {
  const folder = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((version) => join(folder, version, 'bin', 'python3'));
}

async function environment(
  name: string,
  packages: readonly string[],
  base = basePython(),
): Promise<string> {
  const key = createHash('sha256').update(packages.join()).digest('hex').slice(0, 8);
  const folder = await cached(`python-${base.version}-${name}-${key}`, async (place) => {
    console.error(`Making a Python environment (${packages.join(', ')})…`);
    await runCommand(base.path, ['-m', 'venv', place]);
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-warn-script-location',
    ];
    await runCommand(join(place, 'bin', 'python'), [...pip, ...packages]);
  });
  return join(folder, 'bin', 'python');
}

export interface BasePython {
  readonly path: string;
  readonly version: string;
}

const versions = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/** A Python 3.10 or newer that can make environments; why it is none; "" where there is no Python. */
function probe(path: string): BasePython | string {
  const program =
    'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3], sys.version_info >= (3, 10))';
  const done = spawnSync(path, ['-c', program], { encoding: 'utf8' });
  if (done.error !== undefined) return '';
  const [version = '', isNew] = done.stdout.trim().split(' ');
  if (done.status === 0 && isNew === 'True') return { path, version };
  return `${path}: ${done.stderr.trim().split('\n').at(-1) || `Python ${version}`}`;
}

/** The first one on the PATH. */
function basePython(): BasePython {
  const seen: string[] = [];
  for (const path of ['python3', 'python', ...versions]) {
    const found = probe(path);
    if (typeof found !== 'string') return found;
    if (found !== '') seen.push(found);
  }
  const found = seen.length === 0 ? 'none was found' : seen.join('; ');
  throw new Error(
    `Smelt needs Python 3.10 or newer with venv (${found}). On Debian: apt install python3-venv.`,
  );
}

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
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

async function environment(name: string, packages: readonly string[]): Promise<string> {
  const base = basePython();
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

interface BasePython {
  readonly path: string;
  readonly version: string;
}

/** The first Python 3.10 or newer on the PATH that can make environments. */
function basePython(): BasePython {
  const seen: string[] = [];
  for (const path of [
    'python3',
    'python',
    'python3.13',
    'python3.12',
    'python3.11',
    'python3.10',
  ]) {
    const probe =
      'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3], sys.version_info >= (3, 10))';
    const done = spawnSync(path, ['-c', probe], { encoding: 'utf8' });
    if (done.error !== undefined) continue;
    const [version = '', isNew] = done.stdout.trim().split(' ');
    if (done.status === 0 && isNew === 'True') return { path, version };
    seen.push(`${path}: ${done.stderr.trim().split('\n').at(-1) || `Python ${version}`}`);
  }
  const found = seen.length === 0 ? 'none was found' : seen.join('; ');
  throw new Error(
    `Smelt needs Python 3.10 or newer with venv (${found}). On Debian: apt install python3-venv.`,
  );
}

import { closeSync, existsSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import type { Architecture } from '../../../server/src/binaries/machO.ts';
import { architecturesOf, headerLength } from '../../../server/src/binaries/machO.ts';

export interface Interpreter {
  readonly path: string;
  /** Where it was found, as the picker says it. */
  readonly origin: string;
  /** null when the file is no Mach-O program, as on Linux. */
  readonly architectures: readonly Architecture[] | null;
}

export interface Surroundings {
  readonly folders: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

export const surroundings = (folders: readonly string[]): Surroundings => ({
  folders,
  environment: process.env,
  platform: process.platform,
  home: homedir(),
});

interface Candidate {
  readonly path: string;
  readonly origin: string;
}

/**
 * Interpreters from the most to the least likely wanted, each once, found by looking at files: none is
 * started. A virtual environment of the folder comes first, as people expect who made one.
 */
export function* findInterpreters(around: Surroundings): Generator<Interpreter> {
  const seen = new Set<string>();
  for (const { path, origin } of candidates(around)) {
    if (!existsSync(path) || seen.has(identity(path))) continue;
    seen.add(identity(path));
    yield { path, origin, architectures: readArchitectures(path) };
  }
}

export const describeInterpreter = (path: string, origin: string): Interpreter => ({
  path,
  origin,
  architectures: readArchitectures(path),
});

function* candidates(around: Surroundings): Generator<Candidate> {
  const { folders, environment, platform, home } = around;
  const python = (folder: string): string =>
    platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  for (const folder of folders) {
    for (const name of ['.venv', 'venv', 'env', '.conda']) {
      yield { path: python(join(folder, name)), origin: `${name} of this folder` };
    }
  }
  const active = [
    ['VIRTUAL_ENV', 'active virtual environment'],
    ['CONDA_PREFIX', 'active conda environment'],
  ] as const;
  for (const [variable, origin] of active) {
    const folder = environment[variable];
    if (folder !== undefined && folder !== '') yield { path: python(folder), origin };
  }
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    if (folder === '' || isStub(folder, around)) continue;
    for (const name of platform === 'win32' ? ['python.exe'] : ['python3', 'python']) {
      yield { path: join(folder, name), origin: 'PATH' };
    }
  }
  // A VS Code that was started from the Dock has not the PATH of a terminal.
  yield { path: '/opt/homebrew/bin/python3', origin: 'Homebrew' };
  yield { path: '/usr/local/bin/python3', origin: '/usr/local' };
  for (const { folder, origin } of installations(home, environment)) {
    for (const name of names(folder)) yield { path: python(join(folder, name)), origin };
  }
  for (const folder of condaFolders(home)) {
    yield { path: python(folder), origin: basename(folder) };
    for (const name of names(join(folder, 'envs'))) {
      yield { path: python(join(folder, 'envs', name)), origin: `conda environment ${name}` };
    }
  }
  if (!isStub('/usr/bin', around)) yield { path: '/usr/bin/python3', origin: 'system' };
}

/** Folders that hold one Python a folder. */
const installations = (
  home: string,
  environment: Surroundings['environment'],
): readonly { readonly folder: string; readonly origin: string }[] => [
  {
    folder: environment.UV_PYTHON_INSTALL_DIR ?? join(home, '.local/share/uv/python'),
    origin: 'uv',
  },
  { folder: join(environment.PYENV_ROOT ?? join(home, '.pyenv'), 'versions'), origin: 'pyenv' },
  { folder: '/Library/Frameworks/Python.framework/Versions', origin: 'python.org' },
];

const condaFolders = (home: string): string[] => [
  ...['miniforge3', 'mambaforge', 'miniconda3', 'anaconda3'].map((name) => join(home, name)),
  // Homebrew's casks.
  ...['/opt/homebrew/Caskroom', '/usr/local/Caskroom'].flatMap((cask) =>
    ['miniforge', 'miniconda'].map((name) => join(cask, name, 'base')),
  ),
];

/**
 * Without the command line tools, /usr/bin/python3 of macOS is a stub that opens a dialog to install
 * them; /usr/bin/python3 is never worth that.
 */
const isStub = (folder: string, { platform }: Surroundings): boolean =>
  platform === 'darwin' &&
  folder === '/usr/bin' &&
  !existsSync('/Library/Developer/CommandLineTools/usr/bin/python3') &&
  !existsSync('/Applications/Xcode.app/Contents/Developer/usr/bin/python3');

/** A virtual environment's python is a link to another, and is itself all the same. */
function identity(path: string): string {
  const folder = join(path, '..');
  try {
    const real = existsSync(join(folder, '..', 'pyvenv.cfg'))
      ? realpathSync(folder)
      : realpathSync(path);
    return real;
  } catch {
    return path;
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readArchitectures(path: string): readonly Architecture[] | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const header = new Uint8Array(headerLength);
    const length = readSync(file, header, 0, headerLength, 0);
    return architecturesOf(header.subarray(0, length));
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

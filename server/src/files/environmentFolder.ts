import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A Python installation or virtual environment on disk. */
export interface EnvironmentFolder {
  /** The folder that holds bin and lib. */
  readonly prefix: string;
  /** Its executable; null when there is none where one belongs. */
  readonly interpreter: string | null;
  /** Version of Python as the environment states it; null when it does not. */
  readonly python: string | null;
  /** Folders with installed packages, in the order in which Python looks them through. */
  readonly sitePackages: readonly string[];
}

/** Where to look. */
export interface Surroundings {
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The folder for temporary files: an environment that lies in it belongs to nobody's project. */
  readonly temporary: string;
}

/** Names that people give to the environment of a project. */
const names = ['.venv', 'venv', 'env', '.conda'];

/**
 * The environment that a file's program runs in, found by looking at files: nothing is started.
 * The selected interpreter's, else the active virtual environment, else the nearest one from the folder
 * upwards, else the active conda environment. `.python-version` names a version and no environment.
 */
export function findEnvironment(
  folder: string,
  interpreter: string | null,
  around: Surroundings,
): EnvironmentFolder | null {
  if (interpreter !== null) return environmentOf(interpreter, around.home);
  const { VIRTUAL_ENV: active, CONDA_PREFIX: conda } = around.variables;
  if (active && isEnvironment(active)) return read(active, around.home);
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    if (at === around.temporary) break;
    if (isEnvironment(at)) return read(at, around.home);
    const name = names.find((each) => isEnvironment(join(at, each)));
    if (name !== undefined) return read(join(at, name), around.home);
    // A repository is a whole: what lies around it is something else.
    if (existsSync(join(at, '.git'))) break;
  }
  return conda && isEnvironment(conda) ? read(conda, around.home) : null;
}

const isEnvironment = (folder: string): boolean =>
  existsSync(join(folder, 'pyvenv.cfg')) || existsSync(join(folder, 'conda-meta'));

/** The environment of `prefix/bin/python`, or of `prefix\Scripts\python.exe`. */
function environmentOf(interpreter: string, home: string): EnvironmentFolder | null {
  const folder = dirname(dirname(interpreter));
  if (isEnvironment(folder)) return { ...read(folder, home), interpreter };
  if (isEnvironment(dirname(interpreter)))
    return { ...read(dirname(interpreter), home), interpreter };
  try {
    // /opt/homebrew/bin/python3 links into the framework that it belongs to.
    return { ...read(dirname(dirname(realpathSync(interpreter))), home), interpreter };
  } catch {
    return null;
  }
}

function read(prefix: string, home: string): EnvironmentFolder {
  const configuration = readConfiguration(join(prefix, 'pyvenv.cfg'));
  const own = libraryOf(prefix);
  const sitePackages = own === null ? [] : [own.sitePackages];
  if (configuration === null) sitePackages.unshift(...userSitePackages(home, own?.version ?? null));
  else if (configuration.get('include-system-site-packages')?.toLowerCase() === 'true') {
    const base = libraryOf(dirname(configuration.get('home') ?? ''));
    if (base !== null) sitePackages.push(base.sitePackages);
  }
  const stated = configuration?.get('version_info') ?? configuration?.get('version');
  return {
    prefix,
    interpreter:
      ['bin/python', 'bin/python3', 'python.exe', 'Scripts/python.exe']
        .map((path) => join(prefix, path))
        .find((path) => existsSync(path)) ?? null,
    python: release(stated) ?? condaPython(prefix) ?? own?.version ?? null,
    sitePackages: sitePackages.filter((folder) => existsSync(folder)),
  };
}

/** `3.12.4.final.0` of virtualenv and `3.12.4` of venv and uv. */
const release = (stated: string | undefined): string | null =>
  /^\d+\.\d+(?:\.\d+)?/.exec(stated ?? '')?.[0] ?? null;

interface Library {
  readonly version: string | null;
  readonly sitePackages: string;
}

/** `lib/python3.12/site-packages`; the newest when there are several, as Homebrew's prefix has them. */
function libraryOf(prefix: string): Library | null {
  const windows = join(prefix, 'Lib', 'site-packages');
  if (existsSync(join(prefix, 'python.exe')) || existsSync(join(prefix, 'Scripts', 'python.exe')))
    return { version: null, sitePackages: windows };
  const versions = namesIn(join(prefix, 'lib'))
    .map((name) => /^python(\d+\.\d+)t?$/.exec(name))
    .filter((match) => match !== null)
    .sort((a, b) => Number(b[1]?.split('.')[1]) - Number(a[1]?.split('.')[1]));
  const [newest] = versions;
  if (newest === undefined) return null;
  return {
    version: newest[1] ?? null,
    sitePackages: join(prefix, 'lib', newest[0], 'site-packages'),
  };
}

/** Where `pip install --user` puts packages: not seen by virtual environments. */
const userSitePackages = (home: string, version: string | null): string[] =>
  version === null
    ? []
    : [
        join(home, 'Library/Python', version, 'lib/python/site-packages'),
        join(home, '.local/lib', `python${version}`, 'site-packages'),
      ];

function readConfiguration(path: string): ReadonlyMap<string, string> | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  const entries = text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf('=');
    return at === -1
      ? []
      : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
  });
  return new Map(entries);
}

/** conda writes down each of its packages: python-3.12.4-h99e199e_1.json */
function condaPython(prefix: string): string | null {
  for (const name of namesIn(join(prefix, 'conda-meta'))) {
    const match = /^python-(\d+\.\d+\.\d+)-[^-]+\.json$/.exec(name);
    if (match !== null) return match[1] ?? null;
  }
  return null;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

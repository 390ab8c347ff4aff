import { statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { architecturesOf, headerLength } from '../binaries/machO.ts';
import type { Environment, Mac } from '../semantics/target.ts';
import { unknownEnvironment } from '../semantics/target.ts';
import { nativeLibraries } from '../tables/distributions.ts';
import type { EnvironmentFolder, Surroundings } from './environmentFolder.ts';
import { findEnvironment } from './environmentFolder.ts';
import { fileStart } from './fileStart.ts';
import type { Distribution } from './installedDistributions.ts';
import { installedDistributions } from './installedDistributions.ts';
import type { Machine } from './machine.ts';
import { thisMachine } from './machine.ts';
import { nativeBuild } from './nativeBuild.ts';

interface ReadEnvironment {
  /** Changes of the folders of packages since then mean that it has to be read again. */
  readonly state: string;
  readonly environment: Environment;
}

const here = (): Surroundings => ({
  variables: process.env,
  home: homedir(),
  temporary: tmpdir(),
});

/** What is installed where programs run: read from files, never by starting Python. */
export class PythonEnvironments {
  private readonly located = new Map<string, EnvironmentFolder | null>();
  private readonly read = new Map<string, ReadEnvironment>();
  private readonly around: Surroundings;
  private readonly machine: Machine;

  constructor(around = here(), machine = thisMachine()) {
    this.around = around;
    this.machine = machine;
  }

  /**
   * The environment of programs in a folder: the same object until a package comes or goes.
   * @param selected path of the interpreter that somebody chose; null when nobody did
   * @param otherwise the one to take when there is no environment around the folder
   */
  of(folder: string, selected: string | null, otherwise: string | null = null): Environment {
    const found =
      this.locate(folder, selected) ?? (otherwise === null ? null : this.locate(folder, otherwise));
    if (found === null) return unknownEnvironment;
    const state = found.sitePackages.map(lastChange).join(' ');
    const key = `${found.interpreter} ${found.prefix}`;
    const known = this.read.get(key);
    if (known?.state === state) return known.environment;
    const environment = readEnvironment(found, this.machine);
    this.read.set(key, { state, environment });
    return environment;
  }

  /** Folders of packages that have been read: when they change, findings may. */
  get sitePackages(): readonly string[] {
    return [...new Set([...this.located.values()].flatMap((found) => found?.sitePackages ?? []))];
  }

  /** Looks anew for environments: one may have been made, or removed. */
  forget(): void {
    this.located.clear();
  }

  private locate(folder: string, interpreter: string | null): EnvironmentFolder | null {
    const key = `${interpreter ?? ''}\n${folder}`;
    let found = this.located.get(key);
    if (found === undefined) {
      found = findEnvironment(folder, interpreter, this.around);
      this.located.set(key, found);
    }
    return found;
  }
}

/** pip makes and removes dist-info folders, which changes the time of the folder they are in. */
function lastChange(folder: string): number {
  try {
    return statSync(folder).mtimeMs;
  } catch {
    return 0;
  }
}

function readEnvironment(found: EnvironmentFolder, machine: Machine): Environment {
  const installed = installedDistributions(found.sitePackages);
  return {
    versions: Object.fromEntries([...installed].map(([name, { version }]) => [name, version])),
    ...(found.python === null ? {} : { python: found.python }),
    ...(machine.appleSilicon ? { mac: macOf(found, installed, machine) } : {}),
  };
}

function macOf(
  found: EnvironmentFolder,
  installed: ReadonlyMap<string, Distribution>,
  machine: Machine,
): Mac {
  const executable = found.interpreter === null ? null : fileStart(found.interpreter, headerLength);
  return {
    macos: machine.macos,
    interpreter: executable === null ? null : architecturesOf(executable),
    builds: Object.fromEntries(
      Object.keys(nativeLibraries).flatMap((name) => {
        const distribution = installed.get(name);
        return distribution === undefined ? [] : [[name, nativeBuild(name, distribution)]];
      }),
    ),
  };
}

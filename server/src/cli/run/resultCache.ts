import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../files/makeFolder.ts';
import type { ModuleSource } from '../../semantics/moduleSource.ts';
import { sha256 } from '../sha256.ts';
import { smeltVersion } from '../smeltVersion.ts';
import type { CheckedFile } from './checkedFile.ts';
import type { Import } from './imports.ts';
import { areCurrent } from './imports.ts';
import type { Job } from './job.ts';

export interface CacheEntry {
  readonly key: string;
  /** What was looked up in other files. */
  readonly imports: readonly Import[];
  readonly result: CheckedFile;
}

const hash = (...parts: readonly string[]): string => sha256(...parts.map((part) => `${part}\0`));

/** The running program: its version, and when it was built, which changes more often while it is written. */
function programIdentity(): string {
  const [, file = ''] = process.argv;
  return `${smeltVersion()} ${existsSync(file) ? statSync(file).mtimeMs : ''}`;
}

/** Results by file, valid for one text with one set of settings and the same imports. Nothing that goes wrong here is an error. */
export class ResultCache {
  private readonly folder: string;
  private readonly modules: ModuleSource;
  private readonly identity = programIdentity();

  /** @param folder is made, with the files that keep it out of repositories and backups. */
  constructor(folder: string, modules: ModuleSource) {
    this.modules = modules;
    this.folder = join(folder, 'results');
    try {
      makeFolder(this.folder);
      const ignore = join(folder, '.gitignore');
      if (existsSync(ignore)) return;
      writeFileSync(ignore, '# Smelt keeps results here. `smelt clean` removes them.\n*\n');
      writeFileSync(
        join(folder, 'CACHEDIR.TAG'),
        'Signature: 8a477f597d28d172789f06886806bc55\n# See https://bford.info/cachedir/\n',
      );
    } catch {
      // A folder that cannot be written keeps nothing.
    }
  }

  keyOf({ path, lint, environment }: Job, text: string): string {
    // What lies between the top of a project and the file says what the file is for.
    const top = this.modules.topOf(path);
    return hash(this.identity, JSON.stringify([lint, environment, top]), text);
  }

  read(path: string, key: string): CheckedFile | null {
    try {
      const entry = JSON.parse(readFileSync(this.fileOf(path), 'utf8')) as CacheEntry;
      const isCurrent = entry.key === key && areCurrent(entry.imports, this.modules);
      return isCurrent && Array.isArray(entry.result.findings) ? entry.result : null;
    } catch {
      return null;
    }
  }

  write(path: string, entry: CacheEntry): void {
    const file = this.fileOf(path);
    try {
      makeFolder(dirname(file));
      // Another run may read at this moment.
      writeFileSync(`${file}.${process.pid}`, JSON.stringify(entry));
      renameSync(`${file}.${process.pid}`, file);
    } catch {
      // As above.
    }
  }

  private fileOf(path: string): string {
    const name = hash(path);
    return join(this.folder, name.slice(0, 2), `${name.slice(2, 32)}.json`);
  }
}

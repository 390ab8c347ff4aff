import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ModuleSource, SourceModule } from '../semantics/moduleSource.ts';
import { detached } from '../syntax/detached.ts';
import { IndexedFile } from './indexedFile.ts';
import { SearchFolders } from './searchFolders.ts';

/** The Python files around those that are checked, as modules. What an editor holds wins over the disk. */
export class ModuleIndex implements ModuleSource {
  private readonly openText: (path: string) => string | null;
  private readonly files = new Map<string, IndexedFile>();
  private readonly names = new Map<string, ReadonlySet<string>>();
  private readonly paths = new Map<string, string | null>();
  private folders = new SearchFolders((folder) => this.namesIn(folder));

  constructor(openText: (path: string) => string | null = () => null) {
    this.openText = openText;
  }

  readonly resolve = (importer: string, level: number, name: string): SourceModule | null => {
    const folder = dirname(importer);
    const key = `${folder}\0${level}\0${name}`;
    let path = this.paths.get(key);
    if (path === undefined) {
      path = this.find(folder, level, name === '' ? [] : name.split('.'));
      // The name is a piece of a text, and would keep all of it.
      this.paths.set(detached(key), path);
    }
    return path === null ? null : this.load(path);
  };

  readonly topOf = (path: string): string => this.folders.topOf(dirname(path));

  /** A file has been written, created or deleted. */
  changed(path: string): void {
    this.files.delete(path);
    this.names.clear();
    this.paths.clear();
    this.folders = new SearchFolders((folder) => this.namesIn(folder));
  }

  private find(folder: string, level: number, parts: readonly string[]): string | null {
    if (level === 0) {
      for (const start of this.folders.of(folder)) {
        const path = this.moduleAt(start, parts);
        if (path !== null) return path;
      }
      return null;
    }
    let start = folder;
    for (let up = 1; up < level; up++) start = dirname(start);
    return this.moduleAt(start, parts);
  }

  /** `a/b.py`, `a/b/__init__.py`, or for a folder with Python files in it the `__init__.py` that it lacks. */
  private moduleAt(start: string, parts: readonly string[]): string | null {
    let folder = start;
    for (const [i, part] of parts.entries()) {
      const names = this.namesIn(folder);
      const isFile = i === parts.length - 1 && names.has(`${part}.py`);
      const inside = names.has(part) ? this.namesIn(join(folder, part)) : new Set();
      // A file goes before a folder that is no package by itself.
      if (isFile && !inside.has('__init__.py')) return join(folder, `${part}.py`);
      if (inside.size === 0) return null;
      folder = join(folder, part);
    }
    const names = this.namesIn(folder);
    const isModule = names.has('__init__.py') || [...names].some((name) => name.endsWith('.py'));
    return isModule ? join(folder, '__init__.py') : null;
  }

  /** What lies in a folder; empty when there is no such folder. */
  private namesIn(folder: string): ReadonlySet<string> {
    let names = this.names.get(folder);
    if (names === undefined) {
      try {
        names = new Set(readdirSync(folder));
      } catch {
        names = new Set();
      }
      this.names.set(folder, names);
    }
    return names;
  }

  /** The same object as long as the text is the same. */
  private load(path: string): SourceModule | null {
    const known = this.files.get(path);
    const edited = this.openText(path);
    if (known?.isStill(edited) === true) return known;
    const file = IndexedFile.at(path, edited);
    if (file === null) this.files.delete(path);
    else this.files.set(path, file);
    return file;
  }
}

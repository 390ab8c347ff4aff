import { readFileSync, statSync } from 'node:fs';
import type { SourceModule } from '../semantics/moduleSource.ts';
import { parseImported } from '../syntax/parser.ts';
import type { Module } from '../syntax/tree.ts';

/** Larger files are not looked into; bytes, or UTF-16 units of what an editor holds. */
const maximumSize = 1_000_000;

/**
 * A file of the index. What was read from the disk and the tree go when memory is needed, and are made
 * again when they are asked for: there are more files than memory.
 */
export class IndexedFile implements SourceModule {
  readonly path: string;
  /** The text in an editor; null: that of the disk counts. */
  private edited: string | null;
  /** The state of the file on the disk that offsets are about. */
  private state: string | null;
  private onDisk: WeakRef<{ readonly text: string }> | undefined;
  private parsed: WeakRef<Module> | undefined;

  private constructor(path: string, edited: string | null, state: string | null) {
    this.path = path;
    this.edited = edited;
    this.state = state;
  }

  /** Null for what is no file, or too large. */
  static at(path: string, edited: string | null): IndexedFile | null {
    const state = stateOf(path);
    const isReadable = edited === null ? state !== null : edited.length <= maximumSize;
    return isReadable ? new IndexedFile(path, edited, state) : null;
  }

  /** Does the text of an editor, or null for that of the disk, say the same? */
  isStill(edited: string | null): boolean {
    if (edited === this.edited) return true;
    // It has been opened, edited or closed.
    const { text } = this;
    const state = stateOf(this.path);
    if ((edited ?? readText(this.path)) !== text) return false;
    this.edited = edited;
    this.state = state;
    return true;
  }

  get text(): string {
    return this.edited ?? this.readAgain() ?? '';
  }

  get module(): Module {
    let module = this.parsed?.deref();
    if (module === undefined) {
      module = parseImported(this.text, () => this.edited ?? this.readAgain());
      this.parsed = new WeakRef(module);
    }
    return module;
  }

  /** Null when the file has changed on the disk, and nobody has said so yet. */
  private readAgain(): string | null {
    const known = this.onDisk?.deref();
    if (known !== undefined) return known.text;
    const text = stateOf(this.path) === this.state ? readText(this.path) : null;
    if (text !== null) this.onDisk = new WeakRef({ text });
    return text;
  }
}

/** What is another one after each change; null: no file, or too large. */
function stateOf(path: string): string | null {
  try {
    const stats = statSync(path);
    const { size, mtimeMs } = stats;
    return stats.isFile() && size <= maximumSize ? `${size} ${mtimeMs}` : null;
  } catch {
    return isMissingPackage(path) ? 'missing' : null;
  }
}

/** What cannot be decoded is not needed to know what the file defines. */
function readText(path: string): string | null {
  try {
    return new TextDecoder().decode(readFileSync(path));
  } catch {
    return isMissingPackage(path) ? '' : null;
  }
}

/** A folder with Python files is a package without `__init__.py`, too. */
const isMissingPackage = (path: string): boolean => path.endsWith('__init__.py');

import type { Module } from '../syntax/tree.ts';

/** A Python file of the workspace. Another text is another object: what is known about one is kept by it. */
export interface SourceModule {
  /** Absolute path; "" for a text that has none. */
  readonly path: string;
  readonly text: string;
  /** Parsed when it is asked for. */
  readonly module: Module;
}

/** Finds modules of the workspace; how and where is not the analyser's business. */
export interface ModuleSource {
  /**
   * What `import name` or `from ..name import x` (level 2) loads in the file `importer`;
   * null: nothing of the workspace.
   */
  readonly resolve: (importer: string, level: number, name: string) => SourceModule | null;
  /** The folder at the top of a file's project: what lies above it says nothing about the file. */
  readonly topOf: (path: string) => string;
}

/** Where a file lies, and what it can import. */
export interface ImportSite {
  readonly path: string;
  readonly modules: ModuleSource;
}

/** For texts that stand alone. */
export const nowhere: ImportSite = { path: '', modules: { resolve: () => null, topOf: () => '' } };

export const isPackage = ({ path }: SourceModule): boolean => /[\\/]__init__\.pyi?$/.test(path);

import { basename } from 'node:path';

/** What Smelt reads, each in its own way. */
export type FileKind = 'python' | 'notebook';

const kinds: readonly (readonly [name: RegExp, kind: FileKind])[] = [
  [/\.pyi?$/, 'python'],
  [/\.ipynb$/, 'notebook'],
];

/** The kind of a file, by its name; null for one that no folder is searched for. */
export function fileKind(path: string): FileKind | null {
  const name = basename(path);
  return kinds.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

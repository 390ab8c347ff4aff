import { basename } from 'node:path';
import { isSettingsFile } from '../syntax/settings/settingsFiles.ts';

/** What Smelt reads, each in its own way. */
export type FileKind = 'python' | 'notebook' | 'settings';

const kinds: readonly (readonly [name: RegExp, kind: FileKind])[] = [
  [/\.pyi?$/, 'python'],
  [/\.ipynb$/, 'notebook'],
];

/** The kind of a file, by its name; null for one that no folder is searched for. */
export function fileKind(path: string): FileKind | null {
  const name = basename(path);
  const kind = kinds.find(([pattern]) => pattern.test(name))?.[1];
  return kind ?? (isSettingsFile(path) ? 'settings' : null);
}

import type { CudaPackageSetting } from '../syntax/settings/setting.ts';
import { readShell } from '../syntax/settings/shell.ts';
import type { MagicStatement } from '../syntax/tree.ts';

/** Cell magics whose body is for a shell. */
const shells: ReadonlySet<string> = new Set(['bash', 'sh', 'zsh']);

/** What `!pip install …`, `%pip install …` and a cell of `%%bash` get from an index of CUDA builds. */
export function installedBy(
  { name, cell, start, end }: MagicStatement,
  text: string,
  cellStarts: readonly number[],
): CudaPackageSetting[] {
  const ofCell = cell && shells.has(name);
  if (!ofCell && name !== '!' && name !== 'pip' && name !== 'uv') return [];
  const next = cellStarts.find((other) => other > start) ?? text.length + 1;
  const [from, to] = ofCell ? [end, next - 1] : [start, end];
  const marks = /^[!%]*/.exec(text.slice(from, to))?.[0].length ?? 0;
  return readShell(text, from + marks, to).settings.filter(
    (setting) => setting.kind === 'cudaPackage',
  );
}

import type { ClassValue, Value } from './values.ts';

/** Does an object of this class of the file count as an mlx.nn.Module? */
export const isMlxModuleClass = ({ libraryBases }: ClassValue): boolean =>
  libraryBases.some((name) => /^mlx\.nn\.(?:\w+\.)*[A-Z]\w*$/.test(name));

export const isMlxModule = (value: Value): boolean =>
  value.kind === 'mlxModule' || (value.kind === 'instance' && isMlxModuleClass(value.class));

export const isMlxOptimizer = (value: Value): boolean =>
  value.kind === 'object' && value.class.startsWith('mlx.optimizers.');

/** Under what the state keeps the arrays of a module or an optimizer; null for anything else. */
export function treeKey(value: Value): string | null {
  if (value.kind === 'mlxTree') return value.key;
  if (!isMlxModule(value) && !isMlxOptimizer(value)) return null;
  if (value.kind === 'instance') return `object#${value.id}`;
  return value.origin === undefined ? null : `made#${value.origin.start}`;
}

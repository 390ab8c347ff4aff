import type { RuleContext } from '../rule.ts';

/** How this file spells `mlx.core`; null when it cannot be named. */
export function mlxCore({ facts }: RuleContext): string | null {
  const core = facts.localNames.get('mlx.core');
  if (core !== undefined) return core.name;
  const package_ = facts.localNames.get('mlx');
  return package_ === undefined ? null : `${package_.name}.core`;
}

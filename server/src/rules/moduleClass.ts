import type { Value } from '../semantics/values.ts';

/** `AdaptiveAvgPool3d` of a module that `torch.nn.AdaptiveAvgPool3d(2)` made; null for anything else. */
export function classOf(module: Value): string | null {
  if (module.kind !== 'torchModule' || module.origin?.kind !== 'call') return null;
  const { callee } = module.origin;
  if (callee.kind === 'attribute') return callee.name.text;
  return callee.kind === 'name' ? callee.id : null;
}

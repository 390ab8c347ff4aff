import { compareVersions } from '../rules/versions.ts';
import type { Environment } from '../semantics/target.ts';
import type { MissingOperator } from '../tables/mpsOperators.gen.ts';
import { missingMpsOperators, operatorVersions } from '../tables/mpsOperators.gen.ts';

/** Which versions of torch have no MPS kernel for a function, and whether the installed one does. */
export function mpsStatus(name: string, environment: Environment): string[] {
  const missing = missingMpsOperators.get(name.replace(/^torch\.Tensor\.(.*?)_?$/, 'torch.$1'));
  if (missing === undefined) return [];
  const last = missing.missingIn.at(-1) ?? '';
  const next = operatorVersions[operatorVersions.indexOf(last) + 1];
  const has =
    next === undefined
      ? `has no kernel for it up to torch ${last}, the newest that Smelt knows`
      : `has no kernel for it up to torch ${last}, and has one in ${next}`;
  const installed = environment.versions.torch;
  const here = installed === undefined ? null : hasKernel(missing, installed);
  const verdict =
    here === null ? '' : ` torch ${installed} is installed and ${here ? 'has' : 'lacks'} it.`;
  const raises =
    here === true
      ? ''
      : ' Without one it raises NotImplementedError, unless PYTORCH_ENABLE_MPS_FALLBACK=1 is set before torch is imported.';
  return [`**MPS** ${has} (\`aten::${missing.operator}\`).${verdict}${raises}`];
}

/**
 * Kernels are added and not taken away: a version has what an earlier one that was read has, and lacks
 * what a later one lacks. null: it lies between the two.
 */
function hasKernel({ missingIn }: MissingOperator, installed: string): boolean | null {
  const earlier = operatorVersions.filter((version) => compareVersions(version, installed) <= 0);
  const later = operatorVersions.find((version) => compareVersions(version, installed) >= 0);
  const before = earlier.at(-1);
  if (before !== undefined && !missingIn.includes(before)) return true;
  if (later !== undefined && missingIn.includes(later)) return false;
  return null;
}

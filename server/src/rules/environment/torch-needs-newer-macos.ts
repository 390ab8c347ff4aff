import type { Environment } from '../../semantics/target.ts';
import { macosForMps } from '../../tables/macBuilds.ts';
import { isFirstImport } from '../firstImport.ts';
import type { Rule } from '../rule.ts';
import { compareVersions, isAtLeast } from '../versions.ts';

export const rule: Rule = {
  meta: {
    name: 'torch-needs-newer-macos',
    code: 'MPS311',
    severity: 'warning',
    summary: 'The installed torch has no MPS on this version of macOS',
    since: '0.1.0',
    fix: 'none',
  },
  words: /^torch/,
  applies: (environment) => neededMacos(environment) !== null,
  on: {
    import(fact, report, { facts, environment }) {
      const needed = neededMacos(environment);
      if (needed === null || !isFirstImport(fact, facts, ['torch'])) return;
      report({
        at: fact.node,
        message: `MPS of torch ${environment.versions.torch} needs macOS ${needed}, and this is ${environment.mac?.macos}: torch.backends.mps.is_available() is False.`,
      });
    },
  },
};

/** The macOS that MPS of the installed torch needs, when this Mac's is older; null: it is not. */
function neededMacos({ versions: { torch }, mac }: Environment): string | null {
  const macos = mac?.macos ?? null;
  const needed = macosForMps.find(([version]) => isAtLeast(torch, version))?.[1];
  return macos === null || needed === undefined || compareVersions(macos, needed) >= 0
    ? null
    : needed;
}

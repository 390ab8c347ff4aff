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
  on: {
    import(fact, report, { facts, environment }) {
      const { torch } = environment.versions;
      const macos = environment.mac?.macos ?? null;
      const needed = macosForMps.find(([version]) => isAtLeast(torch, version))?.[1];
      if (macos === null || needed === undefined || compareVersions(macos, needed) >= 0) return;
      if (!isFirstImport(fact, facts, ['torch'])) return;
      report({
        at: fact.node,
        message: `MPS of torch ${torch} needs macOS ${needed}, and this is ${macos}: torch.backends.mps.is_available() is False.`,
      });
    },
  },
};

import { newestTorchForIntel } from '../../tables/macBuilds.ts';
import { isFirstImport } from '../firstImport.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'x86-interpreter',
    code: 'MPS310',
    severity: 'warning',
    summary: 'The environment has a Python for Intel Macs',
    since: '0.1.0',
    fix: 'none',
  },
  words: /^(?:torch|mlx)/,
  applies: ({ mac }) =>
    mac?.interpreter?.includes('x86_64') === true && !mac.interpreter.includes('arm64'),
  on: {
    import(fact, report, { facts }) {
      if (!isFirstImport(fact, facts, ['torch', 'mlx'])) return;
      report({
        at: fact.node,
        message: `This environment's Python is an Intel (x86-64) program, which runs under Rosetta: torch ${newestTorchForIntel} is the newest for it, and MLX has no build.`,
      });
    },
  },
};

import type { Environment } from '../../semantics/target.ts';
import { newestForPython } from '../../tables/macBuilds.ts';
import { isFirstImport } from '../firstImport.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'python-too-old',
    code: 'MPS313',
    severity: 'info',
    summary: "The environment's Python gets no recent torch or MLX",
    since: '0.1.0',
    fix: 'none',
  },
  words: /^(?:torch|mlx)/,
  applies: (environment) =>
    environment.mac !== undefined && newestForPython.has(releaseOf(environment)),
  on: {
    import(fact, report, { facts, environment }) {
      const release = releaseOf(environment);
      const newest = newestForPython.get(release);
      if (newest === undefined || !isFirstImport(fact, facts, ['torch', 'mlx'])) return;
      report({
        at: fact.node,
        message: `Python ${release} gets torch ${newest.torch} and MLX ${newest.mlx} at most: later ones need 3.10.`,
      });
    },
  },
};

const releaseOf = ({ python }: Environment): string =>
  python?.split('.').slice(0, 2).join('.') ?? '';

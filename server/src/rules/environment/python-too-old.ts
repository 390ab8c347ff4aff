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
  on: {
    import(fact, report, { facts, environment: { mac, python } }) {
      const release = python?.split('.').slice(0, 2).join('.') ?? '';
      const newest = newestForPython.get(release);
      if (
        mac === undefined ||
        newest === undefined ||
        !isFirstImport(fact, facts, ['torch', 'mlx'])
      )
        return;
      report({
        at: fact.node,
        message: `Python ${release} gets torch ${newest.torch} and MLX ${newest.mlx} at most: later ones need 3.10.`,
      });
    },
  },
};

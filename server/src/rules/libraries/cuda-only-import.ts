import { isCaught } from '../../semantics/facts.ts';
import { cudaPackages } from '../../tables/cudaFunctions.ts';
import { isBehindCudaOption } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { anyOf, backends } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-only-import',
    code: 'MPS704',
    severity: 'info',
    summary: 'A package is imported that exists for CUDA only',
    since: '0.1.0',
    fix: 'none',
  },
  words: anyOf(backends, new RegExp(`^(?:${[...cudaPackages.keys()].join('|')})$`)),
  on: {
    import(fact, report, { facts, environment }) {
      const root = fact.module.split('.')[0] ?? '';
      if (!cudaPackages.has(root) || !fact.reached || fact.scope !== 0) return;
      if (isCaught(fact, 'ImportError') || fact.caught.has('ModuleNotFoundError')) return;
      if (fact.tests.length > 0 || isBehindCudaOption(fact)) return;
      // Somebody installed it, whatever it is.
      const names = cudaPackages.get(root) ?? [];
      if (names.some((name) => environment.versions[name] !== undefined)) return;
      // Where the file chooses a device, it was meant to run without CUDA.
      const choosesDevice =
        facts.facts.some(({ kind }) => kind === 'selector') || facts.deviceNames.length > 0;
      report({
        at: fact.node,
        message: `${root} needs CUDA and cannot be installed on Apple Silicon: this raises ModuleNotFoundError.`,
        severity: choosesDevice ? 'warning' : 'info',
      });
    },
  },
};

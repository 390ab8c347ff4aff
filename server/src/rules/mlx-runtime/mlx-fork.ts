import { replace } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-fork',
    code: 'MLX609',
    severity: 'info',
    summary: 'Processes are forked in a program that uses MLX',
    since: '0.1.0',
    fix: 'unsafe',
  },
  on: {
    libraryCall(fact, report, { facts }) {
      if (!/(?:^|\.)(?:fork|set_start_method|get_context)$/.test(fact.name)) return;
      const usesMlx = facts.facts.some(
        (other) => other.kind === 'import' && /^mlx(?:\.|$)/.test(other.module),
      );
      if (!usesMlx) return;
      const message =
        'MLX does not survive fork: once the parent has computed something, the first evaluation in the child hangs.';
      if (fact.name === 'os.fork') {
        report({ at: fact.node, message });
        return;
      }
      const value = /^multiprocessing\.(?:set_start_method|get_context)$/.test(fact.name)
        ? (fact.positional[0] ?? fact.keywords.get('method'))
        : undefined;
      if (value?.kind !== 'constant' || value.value !== 'fork') return;
      const literal = value.origin;
      report({
        at: literal ?? fact.node,
        message,
        fixes:
          literal?.kind === 'string'
            ? [fix('Spawn instead', 'unsafe', () => [replace(literal, '"spawn"')])]
            : [],
      });
    },
  },
};

import type { FactOf, Facts } from '../../semantics/facts.ts';
import type { Expression } from '../../syntax/tree.ts';
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
  words: /mlx/i,
  calls: (name) => name === 'os.fork' || name.startsWith('multiprocessing.'),
  on: {
    libraryCall(fact, report, { facts }) {
      const at = forkIn(fact);
      if (at === null || !importsMlx(facts)) return;
      report({
        at,
        message:
          'MLX does not survive fork: once the parent has computed something, the first evaluation in the child hangs.',
        fixes:
          at.kind === 'string'
            ? [fix('Spawn instead', 'unsafe', () => [replace(at, '"spawn"')])]
            : [],
      });
    },
  },
};

/** `os.fork()`, or the "fork" that a start method is set to; null: nothing is forked. */
function forkIn({ name, node, positional, keywords }: FactOf<'libraryCall'>): Expression | null {
  if (name === 'os.fork') return node;
  if (!/^multiprocessing\.(?:set_start_method|get_context)$/.test(name)) return null;
  const method = positional[0] ?? keywords.get('method');
  if (method?.kind !== 'constant' || method.value !== 'fork') return null;
  return method.origin ?? node;
}

const importsMlx = ({ facts }: Facts): boolean =>
  facts.some((fact) => fact.kind === 'import' && /^mlx(?:\.|$)/.test(fact.module));

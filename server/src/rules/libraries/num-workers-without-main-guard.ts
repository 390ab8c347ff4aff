import type { Statement } from '../../syntax/tree.ts';
import { childrenOf } from '../../syntax/visit.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'num-workers-without-main-guard',
    code: 'MPS706',
    severity: 'warning',
    summary: 'Workers of a DataLoader are started while the file is imported',
    since: '0.1.0',
    fix: 'none',
  },
  words: /num_workers/,
  on: {
    iteration(fact, report, { module }) {
      const { iterable } = fact;
      if (iterable.kind !== 'object' || iterable.class !== 'torch.utils.data.DataLoader') return;
      const workers = iterable.keywords.get('num_workers');
      if (workers?.kind !== 'constant' || typeof workers.value !== 'number' || workers.value <= 0)
        return;
      // Notebooks run in a process of their own.
      if (fact.scope !== 0 || !fact.reached || module.cellStarts.length > 1) return;
      if (
        module.body.some(
          (statement) =>
            isGuard(statement) &&
            statement.end > fact.node.start &&
            statement.start < fact.node.start,
        )
      )
        return;
      // A context that was chosen may fork.
      if (iterable.keywords.has('multiprocessing_context')) return;
      report({
        at: fact.node.iterable,
        message:
          'macOS spawns workers, which run this file again: without a main guard this raises RuntimeError.',
      });
    },
  },
};

const isGuard = (statement: Statement): boolean =>
  statement.kind === 'if' &&
  [statement.test, ...childrenOf(statement.test)].some(
    (node) => 'kind' in node && node.kind === 'name' && node.id === '__name__',
  );

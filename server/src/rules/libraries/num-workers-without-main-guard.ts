import type { Fact } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import type { Module, Statement } from '../../syntax/tree.ts';
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
  calls: (name) => iterating.test(name),
  on: {
    iteration(fact, report, { module }) {
      if (startsWorkers(fact.iterable) && isUnguarded(fact, module))
        report({ at: fact.node.iterable, message });
    },
    // `for i, batch in enumerate(loader)`, `next(iter(loader))`, `tqdm(loader)`
    libraryCall(fact, report, { module }) {
      if (!fact.positional.some(startsWorkers)) return;
      if (isUnguarded(fact, module)) report({ at: fact.node, message });
    },
  },
};

const message =
  'macOS spawns workers, which run this file again: without a main guard this raises RuntimeError.';

const iterating = /^(?:builtins\.(?:enumerate|iter|list|zip)|tqdm\.(?:\w+\.)*tqdm)$/;

/** A DataLoader with workers, whose start method nobody chose. */
function startsWorkers(value: Value): boolean {
  if (value.kind !== 'object' || value.class !== 'torch.utils.data.DataLoader') return false;
  const workers = value.keywords.get('num_workers');
  return (
    workers?.kind === 'constant' &&
    typeof workers.value === 'number' &&
    workers.value > 0 &&
    !value.keywords.has('multiprocessing_context')
  );
}

/** In the body of the file, outside a main guard. Notebooks run in a process of their own. */
const isUnguarded = ({ node, reached, scope }: Fact, module: Module): boolean =>
  scope === 0 &&
  reached &&
  module.cellStarts.length <= 1 &&
  !module.body.some(
    (statement) => isGuard(statement) && statement.end > node.start && statement.start < node.start,
  );

const isGuard = (statement: Statement): boolean =>
  statement.kind === 'if' &&
  [statement.test, ...childrenOf(statement.test)].some(
    (node) => 'kind' in node && node.kind === 'name' && node.id === '__name__',
  );

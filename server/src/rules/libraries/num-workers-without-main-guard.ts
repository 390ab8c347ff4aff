import type { Fact } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import type { Module, Statement } from '../../syntax/tree.ts';
import { childrenOf, walk } from '../../syntax/visit.ts';
import { lineStart, ownsItsLines, replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'num-workers-without-main-guard',
    code: 'MPS706',
    severity: 'warning',
    summary: 'Workers of a DataLoader are started while the file is imported',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /num_workers/,
  calls: (name) => iterating.test(name),
  on: {
    iteration(fact, report, { module }) {
      if (startsWorkers(fact.iterable) && isUnguarded(fact, module))
        report({ at: fact.node.iterable, message, fixes: fixes(fact, module) });
    },
    // `for i, batch in enumerate(loader)`, `next(iter(loader))`, `tqdm(loader)`
    libraryCall(fact, report, { module }) {
      if (!fact.positional.some(startsWorkers)) return;
      if (isUnguarded(fact, module)) report({ at: fact.node, message, fixes: fixes(fact, module) });
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

/** Puts the loop and all that follows behind a main guard. */
function fixes({ node }: Fact, module: Module): Fix[] {
  const index = module.body.findIndex(({ start, end }) => start <= node.start && node.end <= end);
  const behind = module.body.slice(index);
  const [first] = behind;
  const last = behind.at(-1);
  if (first === undefined || last === undefined || !behind.every(canBeMoved)) return [];
  const region = { start: lineStart(module, first.start), end: last.end };
  // Lines of a string would change with their indentation.
  if (!ownsItsLines(module, first) || hasLongString(behind, module)) return [];
  const lines = textOf(module, region).split(/\r?\n/);
  const indented = lines.map((line) => (line.trim() === '' ? line : `    ${line}`)).join('\n');
  return [
    fix('Start the workers behind a main guard', 'unsafe', () => [
      replace(region, `if __name__ == "__main__":\n${indented}`),
    ]),
  ];
}

/** Workers look for functions and classes in the file that they import: behind the guard there would be none. */
const canBeMoved = ({ kind }: Statement): boolean =>
  !['function', 'class', 'brokenStatement', 'magic'].includes(kind);

function hasLongString(body: readonly Statement[], module: Module): boolean {
  let has = false;
  walk(body, (node) => {
    has ||=
      (node.kind === 'string' || node.kind === 'formatted') && textOf(module, node).includes('\n');
  });
  return has;
}

const isGuard = (statement: Statement): boolean =>
  statement.kind === 'if' &&
  [statement.test, ...childrenOf(statement.test)].some(
    (node) => 'kind' in node && node.kind === 'name' && node.id === '__name__',
  );

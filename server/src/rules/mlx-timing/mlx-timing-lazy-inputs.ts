import type { TimedWindowFact } from '../../semantics/facts.ts';
import type { TrailEvent } from '../../semantics/trail.ts';
import type { Expression, Module } from '../../syntax/tree.ts';
import { assignmentsTo } from '../assignments.ts';
import { isSurelyBound } from '../boundNames.ts';
import { insertLinesBefore, ownsItsLines } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { listed } from '../listed.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { mlxCore } from './mlxCore.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-timing-lazy-inputs',
    code: 'MLX103',
    severity: 'warning',
    summary: 'Inputs are still lazy when the clock starts, so making them is timed too',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  on: {
    timedWindow(fact, report, context) {
      const names = lazyInputs(fact);
      if (names.length === 0) return;
      report({
        at: fact.startStatement,
        message: `${listed(names)} ${names.length > 1 ? 'are' : 'is'} still lazy when the clock starts, so this also times making ${
          names.length > 1 ? 'them' : 'it'
        }.`,
        related: [
          {
            start: fact.node.start,
            end: fact.node.end,
            message: 'This is the time that it spoils.',
          },
        ],
        fixes: fixes(fact, names, context),
      });
    },
  },
};

/** Named arrays that existed before the clock started and were computed on the way to a result. */
function lazyInputs(fact: TimedWindowFact): string[] {
  const perPath = fact.paths.map((events) => inputsComputedIn(events, fact));
  const [first, ...others] = perPath;
  if (first === undefined) return [];
  const ids = [...first].filter((id) => others.every((path) => path.has(id)));
  const names = ids.flatMap((id) => {
    const name = fact.arrayNames.get(id);
    return name !== undefined && /^\w+$/.test(name) ? [name] : [];
  });
  return [...new Set(names)].sort();
}

function inputsComputedIn(events: readonly TrailEvent[], fact: TimedWindowFact): Set<number> {
  const inputs = new Set<number>();
  for (const event of events) {
    if (event.kind !== 'force') continue;
    const lazy = new Set(event.computed);
    for (const id of event.computed) {
      const recorded = fact.arrays.get(id)?.recorded;
      const existed =
        recorded !== undefined && recorded < fact.start.number && isWork(id, fact, lazy);
      // What is asked for by name is what the window means to time.
      if (existed && !event.targets.includes(id)) inputs.add(id);
    }
  }
  return inputs;
}

/** Methods and functions of `mx` that make another view of the same data. */
const views =
  /^(?:T|reshape|transpose|swapaxes|moveaxis|squeeze|expand_dims|flatten|broadcast_to)$/;

/** A view of what is there, or was computed before, is made in no time. */
function isWork(id: number, fact: TimedWindowFact, lazy: ReadonlySet<number>): boolean {
  const array = fact.arrays.get(id);
  if (!lazy.has(id) || array === undefined) return false;
  return !isView(array.node) || array.before.some((source) => isWork(source, fact, lazy));
}

function isView(node: Expression | undefined): boolean {
  if (node?.kind === 'subscript') return node.index.every(isPosition);
  const called = node?.kind === 'call' ? node.callee : node;
  return called?.kind === 'attribute' && views.test(called.name.text);
}

/** `x[0]`, `x[:, None]` and `x[..., -1]`, but not an array of positions, for which MLX gathers. */
const isPosition = (index: Expression): boolean =>
  index.kind === 'number' ||
  index.kind === 'slice' ||
  index.kind === 'constant' ||
  (index.kind === 'unary' && isPosition(index.operand));

function fixes(fact: TimedWindowFact, names: readonly string[], context: RuleContext): Fix[] {
  const mx = mlxCore(context);
  const { startStatement } = fact;
  if (
    mx === null ||
    !fact.isOneCall ||
    startStatement.kind !== 'assign' ||
    !ownsItsLines(context.module, startStatement) ||
    !names.every((name) => namesInput(name, fact, context.module))
  )
    return [];
  return [
    fix(`Evaluate ${listed(names)} before the clock starts`, 'safe', () => [
      insertLinesBefore(context.module, startStatement, [`${mx}.eval(${names.join(', ')})`]),
    ]),
  ];
}

/** Names are those of the window's end: is it the name that the array had at its start? */
const namesInput = (name: string, fact: TimedWindowFact, module: Module): boolean =>
  isSurelyBound(module, name, fact.startStatement) &&
  assignmentsTo(module.body, name).every(
    ({ start }) => start < fact.startStatement.start || start > fact.node.start,
  );

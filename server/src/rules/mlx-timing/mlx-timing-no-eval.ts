import type { TimedWindowFact } from '../../semantics/facts.ts';
import type { TrailEvent } from '../../semantics/trail.ts';
import { insertLinesBefore, ownsItsLines } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { mlxCore } from './mlxCore.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-timing-no-eval',
    code: 'MLX101',
    severity: 'warning',
    summary: 'MLX operations are timed without being evaluated',
    since: '0.1.0',
    fix: 'safe',
  },
  on: {
    timedWindow(fact, report, context) {
      if (fact.paths.length === 0 || !fact.paths.every(onlyRecords)) return;
      const recorded = fact.paths[0]?.filter((event) => event.kind === 'record') ?? [];
      const names = resultNames(fact, recorded);
      report({
        at: fact.node,
        message: `Times nothing: MLX has only recorded ${listed(names) ?? 'these operations'}, and computes when ${
          names.length > 1 ? 'they are' : 'it is'
        } evaluated.`,
        related: recorded.slice(-1).map(({ node }) => ({
          start: node.start,
          end: node.end,
          message: 'This is recorded here, not computed.',
        })),
        fixes: fixes(fact, names, context),
      });
    },
  },
};

/** Is something recorded and nothing evaluated, as far as can be told? */
function onlyRecords(events: readonly TrailEvent[]): boolean {
  const kinds = new Set(events.map((event) => event.kind));
  return kinds.has('record') && !kinds.has('force') && !kinds.has('unmodelled');
}

/** Names of the arrays that were recorded in the window and are still bound. */
function resultNames(fact: TimedWindowFact, recorded: readonly TrailEvent[]): string[] {
  const names = recorded.flatMap((event) =>
    event.kind === 'record' ? [fact.arrayNames.get(event.array)] : [],
  );
  return [
    ...new Set(names.filter((name): name is string => name !== undefined && /^\w+$/.test(name))),
  ];
}

const listed = (names: readonly string[]): string | null =>
  names.length === 0
    ? null
    : names.length === 1
      ? (names[0] as string)
      : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function fixes(fact: TimedWindowFact, names: readonly string[], context: RuleContext): Fix[] {
  const mx = mlxCore(context);
  const { endStatement } = fact;
  const simple = ['assign', 'expression', 'augmentedAssign', 'return'].includes(endStatement.kind);
  if (mx === null || names.length === 0 || !simple || !ownsItsLines(context.module, endStatement))
    return [];
  return [
    fix(`Evaluate ${listed(names)} before the clock stops`, 'safe', () => [
      insertLinesBefore(context.module, endStatement, [`${mx}.eval(${names.join(', ')})`]),
    ]),
  ];
}

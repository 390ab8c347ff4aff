import type { TimedWindowFact } from '../../semantics/facts.ts';
import type { TrailEvent } from '../../semantics/trail.ts';
import type { ForStatement, Module, Statement, WhileStatement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { insertLinesAfter, ownsItsLines } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { loopCount } from '../loopCount.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { mlxCore } from './mlxCore.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-timing-last-only',
    code: 'MLX102',
    severity: 'warning',
    summary: 'A timed loop evaluates only its last result, so one round is computed',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  on: {
    timedWindow(fact, report, context) {
      // The last one is made of those before it.
      const name = fact.paths
        .reduce<string[] | null>((names, path) => {
          const found = droppedResults(path, fact);
          return names === null ? found : names.filter((each) => found.includes(each));
        }, null)
        ?.at(-1);
      if (name === undefined) return;
      const place = assignmentIn(context.module, fact, name);
      if (place === null) return;
      const count = loopCount(place.loop);
      if (count !== null && count < 2) return;
      report({
        at: place.statement,
        message: `Only the last ${name} is ever computed, so this times one round, not ${
          count ?? 'all'
        }${count === null ? ' of them' : ''}.`,
        related: [
          { start: fact.node.start, end: fact.node.end, message: 'This is the time of one round.' },
        ],
        fixes: fixes(name, place.statement, context),
      });
    },
  },
};

/** Names whose last array was computed while the ones before it are lazy and out of reach. */
function droppedResults(events: readonly TrailEvent[], fact: TimedWindowFact): string[] {
  const recorded = new Map<TrailEvent['node'], number[]>();
  const computed = new Set<number>();
  for (const event of events) {
    if (event.kind === 'unmodelled' && event.reach === 'anything') return [];
    if (event.kind === 'record')
      recorded.set(event.node, [...(recorded.get(event.node) ?? []), event.array]);
    if (event.kind === 'force') for (const id of event.computed) computed.add(id);
  }
  return [...recorded.values()].flatMap((ids) => {
    const last = ids.at(-1) as number;
    const name = fact.arrayNames.get(last);
    const isDropped = (id: number): boolean =>
      fact.arrays.get(id)?.evaluated === 'lazy' && !fact.held.has(id);
    return name !== undefined && computed.has(last) && ids.length > 1 && isDropped(ids[0] as number)
      ? [name]
      : [];
  });
}

/** The loop between the two readings that assigns the name, and the assignment. */
function assignmentIn(
  module: Module,
  fact: TimedWindowFact,
  name: string,
): { loop: ForStatement | WhileStatement; statement: Statement } | null {
  let found: { loop: ForStatement | WhileStatement; statement: Statement } | null = null;
  walk(module.body, (node) => {
    if (node.kind !== 'for' && node.kind !== 'while') return;
    if (node.start < fact.startStatement.end || node.end > fact.node.start) return;
    const statement = node.body.findLast(
      (each) =>
        each.kind === 'assign' &&
        each.targets.some((target) => target.kind === 'name' && target.id === name),
    );
    if (statement !== undefined) found = { loop: node, statement };
  });
  return found;
}

function fixes(name: string, statement: Statement, context: RuleContext): Fix[] {
  const mx = mlxCore(context);
  if (mx === null || !ownsItsLines(context.module, statement)) return [];
  return [
    fix(`Evaluate ${name} in each round`, 'safe', () => [
      insertLinesAfter(context.module, statement, [`${mx}.eval(${name})`]),
    ]),
  ];
}

import type { TimedWindowFact } from '../../semantics/facts.ts';
import type { AssignStatement, Expression, Span } from '../../syntax/tree.ts';
import { isSurelyBound } from '../boundNames.ts';
import { insertLinesAfter, insertLinesBefore, ownsItsLines } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { listed } from '../listed.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { mlxCore } from './mlxCore.ts';
import { resultNames, timesNothing, waitsIn } from './recordedWindow.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-timing-no-eval',
    code: 'MLX101',
    severity: 'warning',
    summary: 'MLX operations are timed without being evaluated',
    since: '0.1.0',
    fix: 'mixed',
  },
  on: {
    timedWindow(fact, report, context) {
      if (!timesNothing(fact) || waitsIn(fact) !== null) return;
      const recorded = fact.paths[0]?.filter((event) => event.kind === 'record') ?? [];
      const names = resultNames(fact, recorded);
      report({
        at: fact.node,
        message: `Times nothing: MLX has only recorded ${listed(names) || 'these operations'}, and computes when ${
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
    timedCode({ node, last, paths }, report, context) {
      if (!timesNothing({ paths })) return;
      const recorded = paths[0]?.findLast(({ kind }) => kind === 'record');
      if (recorded === undefined) return;
      report({
        at: node,
        message:
          'Times nothing: MLX has only recorded these operations, and computes when they are evaluated.',
        related: [
          {
            start: recorded.node.start,
            end: recorded.node.end,
            message: 'This is recorded here, not computed.',
          },
        ],
        fixes: last === null ? [] : evaluated(last, recorded.node, context),
      });
    },
  },
};

/** Timed code that ends with the array, or with giving it a name. */
function evaluated(last: Expression | AssignStatement, array: Span, context: RuleContext): Fix[] {
  const mx = mlxCore(context);
  const { module } = context;
  if (mx === null) return [];
  if (last.kind === 'assign') {
    const [target] = last.targets;
    if (target?.kind !== 'name' || !ownsItsLines(module, last)) return [];
    return [
      fix(`Evaluate ${target.id}`, 'safe', () => [
        insertLinesAfter(module, last, [`${mx}.eval(${target.id})`]),
      ]),
    ];
  }
  const isPart = last.start <= array.start && array.end <= last.end;
  return isPart
    ? [
        fix('Evaluate it', 'safe', () => [
          { start: last.start, end: last.start, text: `${mx}.eval(` },
          { start: last.end, end: last.end, text: ')' },
        ]),
      ]
    : [];
}

function fixes(fact: TimedWindowFact, names: readonly string[], context: RuleContext): Fix[] {
  const mx = mlxCore(context);
  const { endStatement } = fact;
  const simple = ['assign', 'expression', 'augmentedAssign', 'return'].includes(endStatement.kind);
  if (mx === null || names.length === 0 || !fact.isOneCall) return [];
  if (!simple || !ownsItsLines(context.module, endStatement)) return [];
  // What one branch or an empty loop leaves unbound cannot be evaluated.
  const isSafe = names.every((name) => isSurelyBound(context.module, name, endStatement));
  const title = `Evaluate ${listed(names)} before the clock stops`;
  return [
    fix(title, isSafe ? 'safe' : 'unsafe', () => [
      insertLinesBefore(context.module, endStatement, [`${mx}.eval(${names.join(', ')})`]),
    ]),
  ];
}

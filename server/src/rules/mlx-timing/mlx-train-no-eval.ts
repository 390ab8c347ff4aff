import type { Expression, Module, Span } from '../../syntax/tree.ts';
import { insertLinesAfter, ownsItsLines, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { runsOften } from '../loopCount.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { bodiesAround, statementAt } from '../statements.ts';
import { mlxCore } from './mlxCore.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-train-no-eval',
    code: 'MLX108',
    severity: 'warning',
    summary: 'A training loop never evaluates the parameters that it updates',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  on: {
    loop(fact, report, context) {
      const update = fact.lazyUpdate;
      if (update === null || !runsOften(fact.node)) return;
      const isInside = fact.node.start <= update.start && update.end <= fact.node.end;
      report({
        at: update,
        ...(fact.evaluates ? { severity: 'info' as const } : {}),
        message: fact.evaluates
          ? 'Each round evaluates something else: this update is computed one round later, together with the next.'
          : 'No round evaluates what this update makes: nothing is computed yet, and the graph grows by one step per round.',
        fixes: isInside ? fixes(update, context) : [],
      });
    },
  },
};

const isPlain = (node: Expression | undefined): boolean =>
  node?.kind === 'name' || (node?.kind === 'attribute' && isPlain(node.object));

function fixes(update: Expression, context: RuleContext): Fix[] {
  const mx = mlxCore(context);
  if (update.kind !== 'call') return [];
  const { callee } = update;
  const model = update.args[0]?.value;
  const { module } = context;
  if (mx === null || callee.kind !== 'attribute' || model === undefined) return [];
  if (!isPlain(callee.object) || !isPlain(model)) return [];
  const statement = statementAt(module, update);
  if (isTraced(module, update)) return [];
  if (statement?.kind !== 'expression' || !ownsItsLines(module, statement)) return [];
  const text = (node: Expression): string => module.text.slice(node.start, node.end);
  const call = `${mx}.eval(${text(model)}.parameters(), ${text(callee.object)}.state)`;
  return [
    fix('Evaluate the parameters in each round', 'safe', () => [
      insertLinesAfter(module, statement, [call]),
    ]),
  ];
}

/** Evaluating raises in a function that is compiled. */
const isTraced = (module: Module, at: Span): boolean =>
  bodiesAround(module, at).some(({ body, index }) => {
    const around = body[index];
    return (
      around?.kind === 'function' &&
      (around.decorators.some((one) => /\bcompile\b/.test(textOf(module, one))) ||
        new RegExp(`\\bcompile\\(\\s*(?:self\\.)?${around.name.text}\\b`).test(module.text))
    );
  });

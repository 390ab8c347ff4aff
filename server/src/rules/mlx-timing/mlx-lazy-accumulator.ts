import type { Module, Span, Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { appendCall } from '../edits.ts';
import { runsOften } from '../loopCount.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { bodiesAround } from '../statements.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-lazy-accumulator',
    code: 'MLX107',
    severity: 'warning',
    summary: 'A loop adds lazy losses to a sum or a list, and evaluates none of them',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    loop(fact, report, { module }) {
      if (!runsOften(fact.node) || isInLoss(module, fact.node) || isInStep(module, fact.node))
        return;
      for (const { name, node, form } of fact.growing) {
        report({
          at: node,
          message:
            form === 'sum'
              ? `Each round adds a lazy array to ${name}: the graphs of all rounds stay in memory until ${name} is read.`
              : `Each round puts a lazy array into ${name}, which keeps all that it is computed from in memory.`,
          // Numbers cannot be stacked.
          fixes: isStacked(module, name)
            ? []
            : [fix('Take its number', 'unsafe', () => appendCall(node, '.item()'))],
        });
      }
    },
  },
};

/** A loss is differentiated by whoever is given it, and nothing can be evaluated in it. */
const isInLoss = (module: Module, at: Span): boolean =>
  bodiesAround(module, at).some(({ body, index }) => {
    const statement = body[index];
    return statement?.kind === 'function' && /loss|objective/i.test(statement.name.text);
  });

/** A loop over the examples of a batch, before the update that all of them lead to: their graphs are needed until then. */
function isInStep(module: Module, at: Statement): boolean {
  const { body, index } = bodiesAround(module, at).at(-1) ?? { body: [], index: 0 };
  return !updates([at]) && updates(body.slice(index + 1));
}

function updates(body: readonly Statement[]): boolean {
  let found = false;
  walk(body, (node) => {
    found ||=
      node.kind === 'call' &&
      node.callee.kind === 'attribute' &&
      node.callee.name.text === 'update' &&
      node.args.length === 2;
  });
  return found;
}

function isStacked(module: Module, name: string): boolean {
  let found = false;
  walk(module.body, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'attribute') return;
    const [first] = node.args;
    found ||=
      /^(?:stack|concatenate)$/.test(node.callee.name.text) &&
      first?.value.kind === 'name' &&
      first.value.id === name;
  });
  return found;
}

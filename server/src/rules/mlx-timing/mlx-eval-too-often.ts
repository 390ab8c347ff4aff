import type { FactOf, LibraryCallFact } from '../../semantics/facts.ts';
import type { CallExpression, Expression, Module, Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { assignmentsTo, pathOf } from '../assignments.ts';
import { deleteLines, ownsItsLines, textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { bodiesAround } from '../statements.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-eval-too-often',
    code: 'MLX106',
    severity: 'hint',
    summary: 'Arrays are evaluated one by one that could be evaluated together',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  calls: (name) => name === 'mlx.core.eval',
  on: {
    libraryCall(fact, report, { module }) {
      const next = nextEvaluation(fact, module);
      if (next === null) return;
      const { node, statement } = next;
      const [last] = fact.node.args.slice(-1);
      report({
        at: node,
        message: 'Two evaluations in a row: one mx.eval of all computes them together.',
        fixes:
          last === undefined || !ownsItsLines(module, statement)
            ? []
            : [
                fix('Evaluate them together', 'safe', () => [
                  {
                    start: last.end,
                    end: last.end,
                    text: `, ${node.args.map((argument) => textOf(module, argument)).join(', ')}`,
                  },
                  deleteLines(module, statement),
                ]),
              ],
      });
    },
    evaluation(fact, report, { module }) {
      const { loop, node } = fact;
      const iterated = rowsOf(fact);
      if (iterated !== null && fact.computed > 0 && isElementRead(node)) {
        report({
          at: node,
          message: `One evaluation for each element: ${textOf(module, iterated)}.tolist() evaluates once for all.`,
        });
        return;
      }
      if (loop?.kind !== 'for' || fact.computed === 0) return;
      const array = elementRead(node);
      if (array === null || loop.target.kind !== 'name') return;
      const { object, index } = array;
      const counter = loop.target.id;
      if (!index.some((part) => part.kind === 'name' && part.id === counter)) return;
      if (assignmentsTo(loop.body, object.id).length > 0) return;
      report({
        at: node,
        message: `One evaluation for each element: ${textOf(module, object)}.tolist() evaluates once for all.`,
      });
    },
  },
};

/** `mx.eval(a)` directly followed by `mx.eval(b)`. */
function nextEvaluation(
  fact: LibraryCallFact,
  module: Module,
): { node: CallExpression; statement: Statement } | null {
  const { statement, node } = fact;
  if (statement.kind !== 'expression' || statement.value !== node) return null;
  const around = bodiesAround(module, statement).at(-1);
  const next = around?.body[around.index + 1];
  if (next?.kind !== 'expression' || next.value.kind !== 'call') return null;
  if (textOf(module, next.value.callee) !== textOf(module, node.callee)) return null;
  const isPlain = (call: CallExpression): boolean =>
    call.args.length > 0 && call.args.every(({ form }) => form === 'positional');
  // Calls inside may have an order that matters, such as those that talk to other processes.
  const isSilent = (call: CallExpression): boolean =>
    call.args.every(({ value }) => isStored(value));
  return isPlain(node) && isPlain(next.value) && isSilent(node) && isSilent(next.value)
    ? { node: next.value, statement: next }
    : null;
}

/** The array whose rows a loop or a comprehension goes through, when one of them is evaluated; null: something else. */
function rowsOf({ values, loop, statement }: FactOf<'evaluation'>): Expression | null {
  const origin = values[0]?.kind === 'mlxArray' ? values[0].origin : undefined;
  if (origin === undefined || pathOf(origin) === null) return null;
  let found = loop?.kind === 'for' && goesThrough(loop.iterable, origin);
  walk([statement], (node) => {
    if (node.kind === 'comprehension')
      found ||= node.clauses.some(({ iterable }) => goesThrough(iterable, origin));
  });
  return found ? origin : null;
}

/** `array`, `enumerate(array)`, `zip(array, others)` */
const goesThrough = (iterable: Expression, array: Expression): boolean =>
  iterable === array ||
  (iterable.kind === 'call' &&
    iterable.callee.kind === 'name' &&
    (iterable.callee.id === 'enumerate' || iterable.callee.id === 'zip') &&
    iterable.args.some(({ value }) => value === array));

/** `row.item()`, `float(row)` */
function isElementRead(node: Expression): boolean {
  if (node.kind !== 'call') return false;
  const { callee, args } = node;
  return callee.kind === 'attribute'
    ? callee.name.text === 'item' && callee.object.kind === 'name'
    : callee.kind === 'name' &&
        (callee.id === 'float' || callee.id === 'int') &&
        args[0]?.value.kind === 'name';
}

/** A name, an attribute, or the parameters of a module. */
const isStored = (node: Expression): boolean =>
  node.kind === 'name' ||
  (node.kind === 'attribute' && isStored(node.object)) ||
  (node.kind === 'call' &&
    node.args.length === 0 &&
    node.callee.kind === 'attribute' &&
    node.callee.name.text.endsWith('parameters'));

/** `x[i].item()`, `float(x[i])`: one element of a named array. */
function elementRead(
  node: Expression,
): { object: Extract<Expression, { kind: 'name' }>; index: readonly Expression[] } | null {
  if (node.kind !== 'call') return null;
  const { callee, args } = node;
  const element =
    callee.kind === 'attribute' && callee.name.text === 'item'
      ? callee.object
      : callee.kind === 'name' && (callee.id === 'float' || callee.id === 'int')
        ? args[0]?.value
        : undefined;
  return element?.kind === 'subscript' && element.object.kind === 'name'
    ? { object: element.object, index: element.index }
    : null;
}

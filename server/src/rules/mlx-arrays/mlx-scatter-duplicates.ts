import type { FactOf } from '../../semantics/facts.ts';
import { integerOf } from '../../semantics/mlxShapes.ts';
import type { MlxArrayValue, Value } from '../../semantics/values.ts';
import { replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-scatter-duplicates',
    code: 'MLX308',
    severity: 'warning',
    summary: 'Elements are updated in place by an index array that may name one twice',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    arrayIndex(fact, report, context) {
      if (fact.use !== 'augmented' || !updates.has(fact.operator ?? '')) return;
      const index = fact.index.find(mayRepeat);
      if (index === undefined) return;
      report({
        at: fact.node,
        message:
          'An element that the index names twice is updated once: MLX reads all of them, computes, and writes the last.',
        fixes: fixes(fact, context),
      });
    },
  },
};

/** The operators that have a method of `.at[…]`. */
const updates: ReadonlyMap<string, string> = new Map([
  ['+', 'add'],
  ['-', 'subtract'],
  ['*', 'multiply'],
  ['/', 'divide'],
]);

/** Functions whose results name no element twice. */
const distinct =
  /^(?:mlx\.core\.)?(?:arange|argsort|argpartition|unique|random\.permutation|permutation|linspace)$/;

function mayRepeat(value: Value): boolean {
  if (value.kind === 'sequence') return repeats(value.elements.map(integerOf));
  if (value.kind !== 'mlxArray' || value.dtype === null || value.dtype === 'bool_') return false;
  if (value.shape === undefined || value.shape.every((size) => size === 1)) return false;
  return !isDistinct(value);
}

const repeats = (numbers: readonly (number | null)[]): boolean =>
  numbers.length > 0 && !numbers.includes(null) && new Set(numbers).size < numbers.length;

/** Is the array written out, or made by a function that names each element once? */
function isDistinct({ origin }: MlxArrayValue): boolean {
  if (origin?.kind !== 'call') return true;
  const { callee } = origin;
  const name =
    callee.kind === 'attribute' ? callee.name.text : callee.kind === 'name' ? callee.id : '';
  const [argument] = origin.args;
  if (name === 'array' && argument?.value.kind === 'list') {
    const numbers = argument.value.elements.map((element) =>
      element.kind === 'number' ? element.value : null,
    );
    return !repeats(numbers);
  }
  return distinct.test(name) || !drawn.has(name);
}

/** Functions whose results name elements several times as a rule. */
const drawn: ReadonlySet<string> = new Set([
  'randint',
  'categorical',
  'argmax',
  'argmin',
  'repeat',
]);

function fixes(
  { node, operator, statement }: FactOf<'arrayIndex'>,
  { module }: RuleContext,
): Fix[] {
  const method = updates.get(operator ?? '');
  if (statement.kind !== 'augmentedAssign' || method === undefined) return [];
  const array = textOf(module, node.object);
  const index = module.text.slice(node.object.end, node.end);
  const value = textOf(module, statement.value);
  return [
    fix(`Use .at[…].${method}`, 'unsafe', () => [
      replace(statement, `${array} = ${array}.at${index.trim()}.${method}(${value})`),
    ]),
  ];
}

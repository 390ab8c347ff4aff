import type { FactOf } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { MlxArrayValue, Value } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import { replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-array-equality',
    code: 'MLX312',
    severity: 'warning',
    summary: 'MLX arrays are compared as if the answer were one truth value',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  on: {
    arrayTest(fact, report, context) {
      const count = elementsOf(fact.array);
      if (count === null || count < 2 || isCaught(fact, 'ValueError')) return;
      report({
        at: fact.node,
        severity: 'error',
        message: `${count} elements have no one truth value: this raises ValueError.`,
        fixes: fixes(fact, context),
      });
    },
    arrayComparison(fact, report, context) {
      const message = strangeOperand(fact);
      const { node } = fact;
      if (message === null || node.operands.length !== 1 || isExpected(fact)) return;
      const isNone = message === comparedWithNone;
      const word = fact.operator === '==' ? 'is' : 'is not';
      const [left, right] = [node.left, node.operands[0] as Expression];
      report({
        at: node,
        message,
        ...(isNone ? { severity: 'error' } : {}),
        fixes: isNone
          ? [
              fix(`Use ${word}`, 'safe', () => [
                replace(
                  node,
                  `${textOf(context.module, left)} ${word} ${textOf(context.module, right)}`,
                ),
              ]),
            ]
          : [],
      });
    },
  },
};

/** The number of elements; a size that is not known counts as one. */
function elementsOf({ shape }: MlxArrayValue): number | null {
  if (shape === undefined) return null;
  return shape.reduce<number>((count, size) => count * (size ?? 1), 1);
}

/** `assertFalse(a == [1])`, `assertTrue(a != [1])`, `assert not a == [1]`: a test of what the answer is. */
function isExpected({ node, operator, statement }: FactOf<'arrayComparison'>): boolean {
  const wanted = operator === '==' ? 'assertFalse' : 'assertTrue';
  if (statement.kind === 'expression' && statement.value.kind === 'call') {
    const { callee, args } = statement.value;
    return callee.kind === 'attribute' && callee.name.text === wanted && args[0]?.value === node;
  }
  if (statement.kind !== 'assert') return false;
  const { test } = statement;
  return operator === '==' ? test.kind === 'unary' && test.operand === node : test === node;
}

const comparedWithNone = '`==` with None raises TypeError for MLX arrays.';

function strangeOperand(fact: FactOf<'arrayComparison'>): string | null {
  if (fact.operator !== '==' && fact.operator !== '!=') return null;
  const other: Value = fact.left.kind === 'mlxArray' ? fact.right : fact.left;
  const answer = fact.operator === '==' ? 'False' : 'True';
  if (other.kind === 'sequence')
    return `An MLX array is never equal to a ${other.form}: this is plain ${answer}, whatever the elements are.`;
  if (other.kind !== 'constant') return null;
  return other.value === null && !isCaught(fact, 'TypeError') ? comparedWithNone : null;
}

/** `if a == b:` and `if mx.equal(a, b):` mean to ask whether all are equal. */
function fixes({ node }: FactOf<'arrayTest'>, context: RuleContext): Fix[] {
  const mx = mlxCore(context);
  const operands = comparedIn(node);
  if (mx === null || operands === null) return [];
  // array_equal says False of different shapes, and a number has none.
  const name = operands.some(isNumber) ? 'all' : 'array_equal';
  const compared = name === 'all' ? [node] : operands;
  const texts = compared.map((operand) => textOf(context.module, operand));
  return [
    fix(`Use ${mx}.${name}`, 'safe', () => [replace(node, `${mx}.${name}(${texts.join(', ')})`)]),
  ];
}

/** Both sides of `a == b` or `mx.equal(a, b)`. */
function comparedIn(node: Expression): readonly Expression[] | null {
  if (node.kind === 'compare' && node.operators.join() === '==')
    return [node.left, ...node.operands];
  const isEqual =
    node.kind === 'call' &&
    node.callee.kind === 'attribute' &&
    node.callee.name.text === 'equal' &&
    node.args.length === 2 &&
    node.args.every(({ form }) => form === 'positional');
  return isEqual ? node.args.map(({ value }) => value) : null;
}

const isNumber = (node: Expression): boolean =>
  node.kind === 'number' || (node.kind === 'unary' && isNumber(node.operand));

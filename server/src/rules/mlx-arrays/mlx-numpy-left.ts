import type { Facts } from '../../semantics/facts.ts';
import type { Expression } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-numpy-left',
    code: 'MLX305',
    severity: 'warning',
    summary: 'NumPy on the left of an operator takes an MLX array over',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    arrayOperation(fact, report, { facts }) {
      const [left] = fact.inputs;
      if (fact.result !== null || left?.kind !== 'ndarray') return;
      const { node } = fact;
      if (isForNumpy(facts, node)) return;
      const operand = node.kind === 'binary' ? node.left : null;
      const isScalar = left.isScalar === true;
      // `total += x` collects into the array of NumPy.
      if (operand === null && !isScalar) return;
      report({
        at: operand ?? node,
        severity: isScalar ? 'warning' : 'hint',
        message:
          'NumPy stands on the left and computes this: MLX evaluates its array, the result is a numpy.ndarray, and gradients end here.',
        fixes:
          isScalar && operand !== null
            ? [
                fix('Make it a Python number', 'unsafe', () => [
                  { start: operand.start, end: operand.start, text: 'float(' },
                  { start: operand.end, end: operand.end, text: ')' },
                ]),
              ]
            : [],
      });
    },
  },
};

/** `np.abs(a - x)`: the result goes to NumPy in any case. */
const isForNumpy = ({ facts }: Facts, node: Expression): boolean =>
  facts.some(
    (fact) =>
      fact.kind === 'libraryCall' &&
      fact.name.startsWith('numpy.') &&
      fact.node.args.some(({ value }) => value === node),
  );

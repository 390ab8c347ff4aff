import type { FactOf } from '../../semantics/facts.ts';
import { integerOf } from '../../semantics/mlxShapes.ts';
import type { Expression } from '../../syntax/tree.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-const-oob',
    code: 'MLX311',
    severity: 'error',
    summary: 'An index lies outside of an MLX array',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    arrayIndex(fact, report) {
      for (const { node, index, size } of outside(fact)) {
        report({
          at: node,
          message:
            fact.use === 'load'
              ? `Index ${index} lies outside of ${elements(size)}: MLX checks no bounds, and what it reads there is not the array's.`
              : `Index ${index} lies outside of ${elements(size)}: MLX checks no bounds, and nothing of the array is written.`,
        });
      }
    },
  },
};

const elements = (size: number): string => (size === 1 ? '1 element' : `${size} elements`);

/** The integers of an index that lie outside of the axis that they stand for. */
function outside(fact: FactOf<'arrayIndex'>): { node: Expression; index: number; size: number }[] {
  const { shape } = fact.array;
  if (shape === undefined) return [];
  const nodes = fact.node.index;
  // The values of `x[(1, 2)]` are one tuple.
  if (fact.index.some((value) => value.kind === 'sequence')) return [];
  const found: { node: Expression; index: number; size: number }[] = [];
  const used = nodes.filter((node, i) => !isEllipsis(node) && !isNewAxis(fact, i)).length;
  let axis = 0;
  nodes.forEach((node, i) => {
    if (isEllipsis(node)) axis += shape.length - used;
    else if (!isNewAxis(fact, i)) {
      const size = shape[axis];
      axis += 1;
      const value = node.kind === 'slice' ? null : integerOf(fact.index[i]);
      // MLX refuses what is no 32-bit number.
      const index = value !== null && Math.abs(value) < 2 ** 31 ? value : null;
      if (index !== null && size !== null && size !== undefined && (index >= size || index < -size))
        found.push({ node, index, size });
    }
  });
  return found;
}

const isEllipsis = (node: Expression): boolean =>
  node.kind === 'constant' && node.value === 'ellipsis';

const isNewAxis = (fact: FactOf<'arrayIndex'>, i: number): boolean => {
  const value = fact.index[i];
  return value?.kind === 'constant' && value.value === null;
};

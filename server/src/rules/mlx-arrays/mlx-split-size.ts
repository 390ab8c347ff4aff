import type { FactOf } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { integerOf } from '../../semantics/mlxShapes.ts';
import type { Value } from '../../semantics/values.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-split-size',
    code: 'MLX307',
    severity: 'error',
    summary: 'mx.split is given the size of the parts, as PyTorch wants it',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    arrayOperation(fact, report) {
      if (fact.operation !== 'mlx.core.split' || fact.node.kind !== 'call') return;
      if (isCaught(fact, 'ValueError')) return;
      const message = messageFor(fact);
      if (message !== null) report({ at: fact.node, message });
    },
  },
};

function messageFor(fact: FactOf<'arrayOperation'>): string | null {
  const [array, sections, axis] = fact.inputs;
  const count = integerOf(sections);
  const wanted = unpackedInto(fact);
  if (count !== null) {
    if (wanted !== null && wanted !== count)
      return `mx.split(x, ${count}) makes ${count} parts, not parts of ${count}: they do not fit into ${wanted} names, and this raises ValueError.`;
    const size = sizeAlong(array, axis);
    if (size !== null && size % count !== 0)
      return `mx.split(x, ${count}) makes ${count} equal parts, and ${size} elements do not divide by ${count}: this raises ValueError.`;
    return null;
  }
  if (
    sections?.kind !== 'sequence' ||
    (sections.id !== undefined && sections.elements.length === 0)
  )
    return null;
  const cuts = sections.elements.length;
  if (wanted !== null && wanted === cuts)
    return `mx.split takes the indices where it cuts, not sizes: ${cuts} cuts make ${cuts + 1} parts, which do not fit into ${wanted} names.`;
  return null;
}

/** The number of names that the result is unpacked into; null when it is not, or one is starred. */
function unpackedInto({ node, statement }: FactOf<'arrayOperation'>): number | null {
  if (statement.kind !== 'assign' || statement.value !== node) return null;
  const [target] = statement.targets;
  if (target?.kind !== 'tuple' && target?.kind !== 'list') return null;
  const isStarred = target.elements.some((element) => element.kind === 'starred');
  return isStarred ? null : target.elements.length;
}

function sizeAlong(array: Value | undefined, axis: Value | undefined): number | null {
  if (array?.kind !== 'mlxArray' || array.shape === undefined) return null;
  const at = axis === undefined ? 0 : integerOf(axis);
  return at === null ? null : (array.shape.at(at) ?? null);
}

import type { FactOf } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import { replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-boolean-mask-read',
    code: 'MLX301',
    severity: 'error',
    summary: 'Elements of an MLX array are read by a boolean mask',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    arrayIndex(fact, report, context) {
      if (fact.use !== 'load' || !fact.index.some(isMask) || isCaught(fact, 'ValueError')) return;
      report({
        at: fact.node,
        message:
          'MLX reads no elements by a boolean mask, because their number is not known before it computes: this raises ValueError.',
        fixes: fixes(fact, context),
      });
    },
  },
};

const isMask = (value: Value): boolean =>
  value.kind === 'mlxArray'
    ? value.dtype === 'bool_'
    : value.kind === 'sequence' &&
      value.elements.length > 0 &&
      value.elements.every((each) => each.kind === 'constant' && typeof each.value === 'boolean');

/** The result keeps its shape, so that sums stay right and means do not. */
function fixes(fact: FactOf<'arrayIndex'>, context: RuleContext): Fix[] {
  const { node, statement } = fact;
  const mx = mlxCore(context);
  const [mask] = node.index;
  const isTarget = statement.kind === 'augmentedAssign' && statement.target === node;
  if (mx === null || isTarget || mask === undefined || node.index.length !== 1) return [];
  if (fact.index[0]?.kind !== 'mlxArray') return [];
  const array = textOf(context.module, node.object);
  return [
    fix(`Use ${mx}.where, with 0 elsewhere`, 'unsafe', () => [
      replace(node, `${mx}.where(${textOf(context.module, mask)}, ${array}, 0)`),
    ]),
  ];
}

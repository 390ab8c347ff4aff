import type { Module, Span } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { renamedMetalFunctions } from '../../tables/mlxFunctions.ts';
import { statementsAround } from '../owners.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-deprecated-metal-api',
    code: 'MLX601',
    severity: 'warning',
    summary: 'A function of mx.metal has moved to mx',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  on: {
    attribute(fact, report, { environment, module }) {
      if (fact.object.kind !== 'library' || fact.object.name !== 'mlx.core.metal') return;
      const renamed = renamedMetalFunctions.get(fact.node.name.text);
      if (renamed === undefined) return;
      const installed = environment.versions.mlx;
      if (isBefore(installed, renamed.since)) return;
      if (triesBoth(module, fact.node, renamed.replacement)) return;
      const { object, name } = fact.node;
      report({
        at: { start: object.start, end: name.end },
        message: `Deprecated since MLX ${renamed.since}: mx.${renamed.replacement} is the same function, and this prints a notice.`,
        tags: ['deprecated'],
        fixes:
          object.kind === 'attribute' && object.name.text === 'metal'
            ? [
                fix('Drop .metal', 'safe', () => [
                  { start: object.object.end, end: object.name.end, text: '' },
                ]),
              ]
            : [],
      });
    },
  },
};

/** `try: mx.clear_cache() except AttributeError: mx.metal.clear_cache()` is made for MLX before and after, in either order. */
function triesBoth(module: Module, { start }: Span, replacement: string): boolean {
  let triesNew = false;
  const tries = statementsAround(module.body, start).filter(({ kind }) => kind === 'try');
  walk(tries, (inner) => {
    if (inner.kind !== 'attribute' || inner.name.text !== replacement) return;
    triesNew ||= inner.object.kind === 'name';
  });
  return triesNew;
}

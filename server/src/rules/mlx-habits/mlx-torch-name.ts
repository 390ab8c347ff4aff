import type { FactOf } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { missingTorchNames } from '../../tables/mlxTorchNames.ts';
import { replace } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isAtLeast } from '../versions.ts';
import { isAsked } from './askedFor.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-torch-name',
    code: 'MLX505',
    severity: 'error',
    summary: 'A function or class of PyTorch is looked for in MLX',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    attribute(fact, report, context) {
      if (fact.object.kind !== 'library' || !fact.object.name.startsWith('mlx.')) return;
      if (isAsked(fact) || isCaught(fact, 'AttributeError')) return;
      const counterpart = missingTorchNames.get(`${fact.object.name}.${fact.node.name.text}`);
      // What later releases have added is not known.
      if (counterpart === undefined || isAtLeast(context.environment.versions.mlx, '0.33')) return;
      const module = fact.object.name;
      report({
        at: fact.node.name,
        message: `${module} has no ${fact.node.name.text}: this raises AttributeError.${
          counterpart === null ? '' : ` In MLX it is ${counterpart}.`
        }`,
        fixes: fixes(fact, module, counterpart),
      });
    },
  },
};

/** How counterparts write the modules. */
const prefixes: ReadonlyMap<string, string> = new Map([
  ['mlx.core', 'mx'],
  ['mlx.nn', 'nn'],
  ['mlx.optimizers', 'optim'],
]);

/** The name of the counterpart, where it is one in the same module; arguments may have to follow. */
function fixes({ node }: FactOf<'attribute'>, module: string, counterpart: string | null): Fix[] {
  const [, prefix, name] = /^(\w+)\.([\w.]+)(?: \(alias .*\))?$/.exec(counterpart ?? '') ?? [];
  if (name === undefined || prefix !== prefixes.get(module)) return [];
  return [fix(`Use ${counterpart?.split(' ')[0]}`, 'unsafe', () => [replace(node.name, name)])];
}

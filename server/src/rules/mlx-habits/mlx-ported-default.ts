import type { Facts, LibraryCallFact } from '../../semantics/facts.ts';
import { mlxConstructors } from '../../tables/mlxConstructors.ts';
import { mlxOperations } from '../../tables/mlxOperations.ts';
import { portedDefaults } from '../../tables/mlxPorts.ts';
import { addArgument } from '../mlx-arrays/addStream.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-ported-default',
    code: 'MLX504',
    severity: 'hint',
    summary: 'A function of MLX stands beside its PyTorch counterpart and has another default',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  calls: (name) => portedDefaults.has(name),
  on: {
    libraryCall(fact, report, { facts }) {
      const ported = portedDefaults.get(fact.name);
      if (ported === undefined || isGiven(fact, ported.argument)) return;
      if (fact.node.args.some(({ form }) => form === 'star' || form === 'doubleStar')) return;
      if (!hasTwin(facts, ported.twin)) return;
      report({
        at: fact.node.callee,
        message: ported.message,
        fixes: [
          fix(`Add ${ported.argument}=${ported.torch}`, 'unsafe', () => [
            addArgument(fact.node, `${ported.argument}=${ported.torch}`),
          ]),
        ],
      });
    },
  },
};

/** By name or by place; `correction` is another name of ddof (mlx 0.32.4). */
function isGiven({ name, keywords, positional }: LibraryCallFact, argument: string): boolean {
  const all = mlxOperations.get(name)?.parameters ?? mlxConstructors.get(name) ?? [];
  const parameters = all.filter((parameter) => parameter !== '/' && parameter !== '*');
  const place = parameters.indexOf(argument);
  return (
    keywords.has(argument) ||
    keywords.has('correction') ||
    (place >= 0 && positional.length > place)
  );
}

/** Does the file call PyTorch's own function, as a port that is compared with its original does? */
const hasTwin = ({ facts }: Facts, twin: RegExp): boolean =>
  facts.some(
    (fact) =>
      (fact.kind === 'libraryCall' && twin.test(fact.name)) ||
      (fact.kind === 'methodCall' &&
        fact.object.kind === 'tensor' &&
        twin.test(`torch.Tensor.${fact.name}`)),
  );

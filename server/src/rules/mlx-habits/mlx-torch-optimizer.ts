import type { FactOf } from '../../semantics/facts.ts';
import { ownsItsLines } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { deleteStatement } from '../statements.ts';
import { withoutArgument } from '../withoutArgument.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-torch-optimizer',
    code: 'MLX503',
    severity: 'error',
    summary: 'An optimizer of MLX is used as one of PyTorch',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  calls: (name) => /^mlx\.optimizers\.(?:\w+\.)*[A-Z]\w*$/.test(name),
  on: {
    libraryCall(fact, report) {
      const [first] = fact.node.args;
      if (first?.form !== 'positional' || !isParameters(first.value)) return;
      const short = fact.name.slice(fact.name.lastIndexOf('.') + 1);
      report({
        at: first.value,
        message: `${short} of MLX takes the learning rate first and no parameters, which update is given: this raises.`,
        fixes:
          fact.node.args.length > 1
            ? [fix('Delete the parameters', 'safe', () => [withoutArgument(fact.node, first)])]
            : [],
      });
    },
    methodCall(fact, report, context) {
      if (fact.object.kind !== 'object' || !fact.object.class.startsWith('mlx.optimizers.')) return;
      const message = torchMethods.get(fact.name);
      if (message === undefined) return;
      report({ at: fact.callee.name, message, fixes: fixes(fact, context) });
    },
  },
};

/** `model.parameters()` */
const isParameters = (node: FactOf<'libraryCall'>['node']['callee']): boolean =>
  node.kind === 'call' &&
  node.callee.kind === 'attribute' &&
  /^(?:trainable_)?parameters$/.test(node.callee.name.text);

const torchMethods: ReadonlyMap<string, string> = new Map([
  [
    'zero_grad',
    'Optimizers of MLX have no zero_grad, because gradients are values and nothing adds them up: this raises AttributeError.',
  ],
  [
    'step',
    'In MLX step is the counter of updates, an array, and calling it raises TypeError: optimizer.update(model, gradients) does a step.',
  ],
  ['state_dict', 'Optimizers of MLX have no state_dict: their state is the tree optimizer.state.'],
  [
    'load_state_dict',
    'Optimizers of MLX have no load_state_dict: their state is the tree optimizer.state.',
  ],
  ['add_param_group', 'Optimizers of MLX have no parameter groups: MultiOptimizer has filters.'],
]);

function fixes({ name, statement, node }: FactOf<'methodCall'>, { module }: RuleContext): Fix[] {
  const isAlone = statement.kind === 'expression' && statement.value === node;
  if (name !== 'zero_grad' || !isAlone || !ownsItsLines(module, statement)) return [];
  return [fix('Delete the call', 'safe', () => [deleteStatement(module, statement)])];
}

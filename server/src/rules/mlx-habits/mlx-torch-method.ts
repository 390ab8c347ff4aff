import type { AttributeFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { CallExpression } from '../../syntax/tree.ts';
import type { TorchMethodPort } from '../../tables/mlxFunctions.ts';
import { torchMethodPorts } from '../../tables/mlxFunctions.ts';
import { dotOf, replace, textOf } from '../edits.ts';
import type { Edit, Fix } from '../finding.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-torch-method',
    code: 'MLX501',
    severity: 'error',
    summary: 'A method of PyTorch tensors is called on an MLX array',
    since: '0.1.0',
    fix: 'mixed',
  },
  on: {
    attribute(fact, report, context) {
      if (fact.object.kind !== 'mlxArray' || isCaught(fact, 'AttributeError')) return;
      const name = fact.node.name.text;
      const port = torchMethodPorts.get(name);
      if (port === undefined) return;
      report({
        at: fact.node.name,
        message: `MLX arrays have no ${name}: this raises AttributeError.${consequence(port)}`,
        fixes: fixes(fact, port, context),
      });
    },
  },
};

function consequence(port: TorchMethodPort): string {
  if (port.kind === 'delete') return ' Memory is shared, so nothing has to be moved.';
  if (port.kind === 'advice') return ` In MLX ${port.text}.`;
  return '';
}

/** The call raises today, so whatever replaces it breaks nothing that worked. */
function fixes(fact: AttributeFact, port: TorchMethodPort, context: RuleContext): Fix[] {
  const { call } = fact;
  const mx = mlxCore(context);
  if (call === null || mx === null) return [];
  const edits = portEdits(fact, call, port, mx, context);
  return edits === null ? [] : [fix(titleOf(fact, port, mx), 'safe', () => edits)];
}

function titleOf(fact: AttributeFact, port: TorchMethodPort, mx: string): string {
  const name = fact.node.name.text;
  switch (port.kind) {
    case 'delete':
      return `Delete .${name}()`;
    case 'rename':
    case 'attribute':
      return `Use .${port.name}`;
    case 'astype':
      return `Use .astype(${mx}.${port.dtype})`;
    case 'function':
      return `Use ${mx}.${port.name}`;
    default:
      return 'Use .shape';
  }
}

function portEdits(
  fact: AttributeFact,
  call: CallExpression,
  port: TorchMethodPort,
  mx: string,
  { module }: RuleContext,
): Edit[] | null {
  const { object, name } = fact.node;
  const fromDot = { start: dotOf(module, fact.node), end: call.end };
  const args = call.args.map((argument) => textOf(module, argument));
  switch (port.kind) {
    case 'delete':
      return takesDtype(call) ? null : [replace(fromDot, '')];
    case 'rename':
      return [replace(name, port.name)];
    case 'attribute':
      return args.length === 0 ? [replace(fromDot, `.${port.name}`)] : null;
    case 'astype':
      return args.length === 0 ? [replace(fromDot, `.astype(${mx}.${port.dtype})`)] : null;
    case 'function':
      return [replace(call, `${mx}.${port.name}(${[textOf(module, object), ...args].join(', ')})`)];
    case 'shape':
      return args.length === 0
        ? [replace(fromDot, '.shape')]
        : [replace(fromDot, `.shape[${args[0]}]`)];
    case 'advice':
      return null;
  }
}

/** `.to(torch.float16)` casts: deleting it would lose the cast. */
const takesDtype = (call: CallExpression): boolean =>
  call.args.length > 1 ||
  call.args.some(
    ({ value, name }) =>
      name?.text === 'dtype' ||
      (value.kind === 'attribute' && /float|int|half|double/.test(value.name.text)),
  );

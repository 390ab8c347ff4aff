import type { FactOf } from '../../semantics/facts.ts';
import type { CallExpression } from '../../syntax/tree.ts';
import type { TorchMethodPort } from '../../tables/mlxFunctions.ts';
import { dotOf, replace, textOf } from '../edits.ts';
import type { Edit, Fix } from '../finding.ts';
import type { RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';

type AttributeFact = FactOf<'attribute'>;

/**
 * What replaces a call that raises today breaks nothing that worked.
 * @param raises false: it may be a call that does something else
 */
export function fixes(
  fact: AttributeFact,
  port: TorchMethodPort,
  mx: string,
  context: RuleContext,
  raises: boolean,
): Fix[] {
  const { call } = fact;
  if (call === null) return [];
  const edits = portEdits(fact, call, port, mx, context);
  return edits === null
    ? []
    : [fix(titleOf(fact, port, mx), raises ? 'safe' : 'unsafe', () => edits)];
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
export const takesDtype = (call: CallExpression): boolean =>
  call.args.length > 1 ||
  call.args.some(
    ({ value, name }) =>
      name?.text === 'dtype' ||
      (value.kind === 'attribute' && /float|int|half|double/.test(value.name.text)),
  );

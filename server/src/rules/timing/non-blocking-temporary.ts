import type { Device, Value } from '../../semantics/values.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import type { Argument, CallExpression, Expression, Module, Statement } from '../../syntax/tree.ts';
import { pathOf } from '../assignments.ts';
import { replace, textOf } from '../edits.ts';
import type { NewFinding, Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isAtLeast } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'non-blocking-temporary',
    code: 'MPS404',
    severity: 'warning',
    summary: 'A temporary tensor is copied to MPS without waiting',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: macDevice,
  besides: [{ words: /non_blocking/, needed: macDevice }],
  on: {
    methodCall(fact, report, { module, environment }) {
      const asynchronous = fact.keywords.get('non_blocking');
      // Later versions have not been read.
      if (isAtLeast(environment.versions.torch, '2.16')) return;
      if (asynchronous?.kind !== 'constant' || asynchronous.value !== true) return;
      if (fact.object.kind !== 'tensor' || fact.name !== 'to' || fact.callee.object.kind !== 'call')
        return;
      const target = fact.positional[0] ?? fact.keywords.get('device');
      const device = target === undefined ? null : asDevice(target);
      if (!isCertainly(fact.device, 'cpu') || device === null || !isCertainly(device, 'mps'))
        return;
      const argument = fact.node.args.find(({ name }) => name?.text === 'non_blocking')?.value;
      if (argument === undefined) return;
      report(finding(fact.node, argument, target, device, module));
    },
    // `for x, y in loader: x = x.to(device, non_blocking=True)`: the batch is gone with its name.
    deviceUse(fact, report, { module, environment }) {
      const { device, how, loop, node, statement } = fact;
      if (isAtLeast(environment.versions.torch, '2.16')) return;
      if (how !== 'toMethod' || !isCertainly(device, 'mps') || loop?.kind !== 'for') return;
      const { callee } = node;
      const argument = node.args.find(({ name }) => name?.text === 'non_blocking')?.value;
      if (callee.kind !== 'attribute' || callee.object.kind !== 'name') return;
      if (argument?.kind !== 'constant' || argument.value !== true) return;
      const { id } = callee.object;
      if (!names(loop.target, id) || !rebinds(statement, id, node)) return;
      // A list keeps what is in it.
      if (!/load|dataset|batches|iter/i.test(textOf(module, loop.iterable))) return;
      report(finding(node, argument, null, device, module));
    },
  },
};

function finding(
  node: CallExpression,
  argument: Expression,
  target: Value | null | undefined,
  device: Device,
  module: Module,
): NewFinding {
  const named = node.args.find(({ name }) => name?.text === 'device') ?? node.args[0];
  const test = target === undefined || named === undefined ? null : cudaTest(target, named);
  return {
    at: argument,
    message:
      'The source is gone before the copy is done: on MPS the tensor may hold garbage (torch 2.15 and before).',
    fixes: [
      test !== null
        ? fix('Copy without waiting on CUDA only', 'safe', () => [replace(argument, test(module))])
        : fix('Wait for the copy', mayBeCuda(device) ? 'unsafe' : 'safe', () => [
            replace(argument, 'False'),
          ]),
    ],
  };
}

/** Does a loop bind the name? */
const names = (target: Expression, id: string): boolean =>
  target.kind === 'name'
    ? target.id === id
    : (target.kind === 'tuple' || target.kind === 'list') &&
      target.elements.some((element) => names(element, id));

/** `x = x.to(…)` and `x, y = x.to(…), y.to(…)` */
function rebinds(statement: Statement, id: string, call: CallExpression): boolean {
  if (statement.kind !== 'assign') return false;
  const [target] = statement.targets;
  if (target === undefined || !names(target, id)) return false;
  const { value } = statement;
  return value === call || (value.kind === 'tuple' && value.elements.includes(call));
}

/** With CUDA in the choice, waiting would change what CUDA does. */
const mayBeCuda = ({ choice }: Device): boolean => choice?.asked.has('cuda') === true;

/** Asks a device or the name of one, when it is stored, whether it is CUDA; null: it may be either. */
function cudaTest(target: Value | null, { value }: Argument): ((module: Module) => string) | null {
  if (pathOf(value) === null) return null;
  if (target === null) return (module) => `str(${textOf(module, value)}).startswith("cuda")`;
  if (target.kind === 'device') return (module) => `${textOf(module, value)}.type == "cuda"`;
  const isName = target.kind === 'constant' && typeof target.value === 'string';
  return isName ? (module) => `${textOf(module, value)}.startswith("cuda")` : null;
}

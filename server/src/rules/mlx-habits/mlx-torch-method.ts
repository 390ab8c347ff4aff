import type { FactOf } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { MlxArrayValue } from '../../semantics/values.ts';
import type { CallExpression, Expression } from '../../syntax/tree.ts';
import {
  missingModuleMethods,
  missingTensorMethods,
  mlxArrayMembers,
  torchAttributes,
} from '../../tables/mlxArrayMembers.ts';
import type { TorchMethodPort } from '../../tables/mlxFunctions.ts';
import { torchMethodPorts } from '../../tables/mlxFunctions.ts';
import { dotOf, replace } from '../edits.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { isAtLeast } from '../versions.ts';
import { isAsked } from './askedFor.ts';
import { fixes, takesDtype } from './methodPort.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-torch-method',
    code: 'MLX501',
    severity: 'error',
    summary: 'A method of PyTorch tensors or modules is called on one of MLX',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: /mlx/i,
  on: {
    attribute(fact, report, context) {
      if (fact.object.kind !== 'mlxArray' || isAsked(fact)) return;
      const found = clashOf(fact, fact.object) ?? absenceOf(fact, context.environment.versions.mlx);
      if (found === null || isCaught(fact, found.error)) return;
      const mx = mlxCore(context);
      report({
        at: fact.node.name,
        message: found.message,
        fixes:
          found.port === null || mx === null
            ? []
            : fixes(fact, found.port, mx, context, found.mayWork !== true),
      });
    },
    methodCall(fact, report, context) {
      const advice = missingModuleMethods.get(fact.name);
      if (advice === undefined || !lacks(fact, context) || isCaught(fact, 'AttributeError')) return;
      const isMove = shared.has(fact.name) && !takesDtype(fact.node);
      const dot = dotOf(context.module, fact.callee);
      const fromDot = { start: dot, end: fact.node.end };
      const name = { start: dot, end: fact.callee.end };
      report({
        at: fact.callee.name,
        message: `Modules of MLX have no ${fact.name}: this raises AttributeError. ${advice}`,
        fixes: isMove
          ? [fix(`Delete .${fact.name}()`, 'safe', () => [replace(fromDot, '')])]
          : fact.name === 'forward'
            ? [fix('Call the module', 'safe', () => [replace(name, '')])]
            : [],
      });
    },
  },
};

const shared: ReadonlySet<string> = new Set(['to', 'cuda', 'cpu', 'mps']);

/** A class of mlx.nn, or one of the file that is derived from nothing else and does not define the method. */
function lacks({ object, name }: FactOf<'methodCall'>, { facts }: RuleContext): boolean {
  if (object.kind === 'mlxModule') return object.class !== undefined;
  // A class that is derived from this one may define it.
  if (object.kind !== 'instance' || name === 'forward') return false;
  const { libraryBases, members, node } = object.class;
  const isPlain =
    libraryBases.some((base) => base.startsWith('mlx.nn.')) &&
    libraryBases.every((base) => /^(?:mlx\.nn|builtins|typing|abc)\./.test(base));
  if (!isPlain || members.has(name) || members.has('__getattr__')) return false;
  return !facts.facts.some(
    (fact) =>
      fact.kind === 'moduleAttribute' &&
      fact.module.class.node === node &&
      fact.node.name.text === name,
  );
}

interface Found {
  readonly error: 'AttributeError' | 'TypeError' | 'ValueError';
  readonly message: string;
  /** Matrices are left as they are, and nothing is raised. */
  readonly mayWork?: boolean;
  readonly port: TorchMethodPort | null;
}

/** Names that MLX arrays do not have. */
function absenceOf(
  { node, call }: FactOf<'attribute'>,
  installed: string | undefined,
): Found | null {
  const name = node.name.text;
  const attribute = torchAttributes.get(name);
  const error = 'AttributeError';
  const start = `MLX arrays have no ${name}: this raises AttributeError.`;
  if (attribute !== undefined) return { error, message: `${start} ${attribute}`, port: null };
  const port = torchMethodPorts.get(name);
  if (port !== undefined) return { error, message: start + consequence(port), port };
  if (call === null) return null;
  const counterpart = missingTensorMethods.get(name) ?? null;
  if (counterpart === null && !missingTensorMethods.has(name) && !isUnheardOf(name, installed))
    return null;
  return {
    error,
    message: counterpart === null ? start : `${start} In MLX it is ${counterpart}.`,
    port: null,
  };
}

/** What later releases have added is not known. */
const isUnheardOf = (name: string, installed: string | undefined): boolean =>
  !mlxArrayMembers.has(name) && !name.startsWith('_') && !isAtLeast(installed, '0.33');

function consequence(port: TorchMethodPort): string {
  if (port.kind === 'delete') return ' Memory is shared, so nothing has to be moved.';
  if (port.kind === 'advice') return ` In MLX ${port.text}.`;
  return '';
}

/** Names that MLX arrays have too, with another meaning. */
function clashOf({ node, call }: FactOf<'attribute'>, { shape }: MlxArrayValue): Found | null {
  if (call === null) return null;
  switch (node.name.text) {
    case 'size':
      return {
        error: 'TypeError',
        message:
          'size of an MLX array is the number of its elements, and calling it raises TypeError.',
        port: { kind: 'shape' },
      };
    case 'view':
      return takesSizes(call)
        ? {
            error: 'TypeError',
            message: 'view of an MLX array takes a dtype: sizes raise TypeError.',
            port: { kind: 'rename', name: 'reshape' },
          }
        : null;
    case 'transpose': {
      const happens = transposeOutcome(call, shape?.length ?? null);
      if (happens === null) return null;
      return {
        error: 'ValueError',
        message: `transpose of an MLX array takes the order of all axes: ${happens}.`,
        port: { kind: 'rename', name: 'swapaxes' },
        mayWork: happens === leavesMatrix && (shape === undefined || shape.length === 2),
      };
    }
    default:
      return null;
  }
}

function takesSizes({ args }: CallExpression): boolean {
  const [first, second] = args;
  if (first?.form !== 'positional') return false;
  const isNumber = integerIn(first.value) !== null || first.value.kind === 'tuple';
  return isNumber || (second?.form === 'positional' && integerIn(second.value) !== null);
}

const leavesMatrix = 'this order leaves a matrix as it is, and raises with more axes';

/** `x.transpose(1, 2)` with two literal axes: what happens to it; null when it can be meant. */
function transposeOutcome({ args }: CallExpression, rank: number | null): string | null {
  const axes = args.map(({ form, value }) => (form === 'positional' ? integerIn(value) : null));
  const [a, b] = axes;
  if (axes.length !== 2 || a === null || b === null || a === undefined || b === undefined)
    return null;
  if (rank !== null && rank !== 2) return 'two of them raise ValueError here';
  const isOrder = (a === 0 && b === 1) || (a === -2 && b === -1);
  if (isOrder) return leavesMatrix;
  const isSwap = [0, -2].includes(b) && [1, -1].includes(a);
  return isSwap ? null : 'these two raise ValueError';
}

function integerIn(node: Expression): number | null {
  if (node.kind === 'number') return node.isFloat ? null : node.value;
  if (node.kind !== 'unary' || node.operator !== '-') return null;
  const value = integerIn(node.operand);
  return value === null ? null : -value;
}

import type { FactOf } from '../../semantics/facts.ts';
import type { MlxArrayValue, Value } from '../../semantics/values.ts';
import type { CallExpression, Expression } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { addArgument } from './addStream.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-array-upcast',
    code: 'MLX310',
    severity: 'warning',
    summary: 'A float32 array without a dtype makes half precision float32',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    arrayOperation(fact, report, context) {
      if (!mixing.has(fact.operation) || fact.result?.dtype !== 'float32') return;
      const half = fact.inputs.find(isHalf);
      const maker = fact.inputs.map(makerOf).find((call) => call !== null);
      if (half === undefined || maker === undefined || maker === null || isCast(fact)) return;
      const text = textOf(context.module, maker);
      const shown = text.length > 40 || text.includes('\n') ? 'The other array' : `\`${text}\``;
      report({
        at: fact.node,
        message: `${shown} is float32, so that this ${half.dtype} becomes float32 here and in all that follows: twice the memory.`,
        fixes: fixes(fact, maker, half, context),
      });
    },
  },
};

/** Operations whose result has the wider dtype of two arrays. */
const mixing: ReadonlySet<string> = new Set([
  ...'+ - * / % // **'.split(' '),
  ...'add subtract multiply divide power maximum minimum where'
    .split(' ')
    .map((name) => `mlx.core.${name}`),
]);

/** `(x * scale).astype(mx.float16)`: computed with more digits on purpose. */
function isCast({ node, statement }: FactOf<'arrayOperation'>): boolean {
  let found = false;
  walk([statement], (each) => {
    found ||= each.kind === 'attribute' && each.object === node && each.name.text === 'astype';
  });
  return found;
}

const isHalf = (value: Value): value is MlxArrayValue =>
  value.kind === 'mlxArray' && (value.dtype === 'float16' || value.dtype === 'bfloat16');

/** The call that made a float32 array of numbers because nobody named a dtype. */
function makerOf(value: Value): CallExpression | null {
  if (value.kind !== 'mlxArray' || value.dtype !== 'float32') return null;
  const { origin } = value;
  if (origin?.kind !== 'call' || origin.callee.kind !== 'attribute') return null;
  const { args } = origin;
  const names = args.map(({ name }) => name?.text);
  if (args.some(({ form }) => form === 'star' || form === 'doubleStar')) return null;
  switch (origin.callee.name.text) {
    case 'array':
      return args.length === 1 && isOfFloats(args[0]?.value, value) ? origin : null;
    case 'arange':
    case 'linspace':
      return names.includes('dtype') || args.length > 3 ? null : origin;
    default:
      return null;
  }
}

/** `0.5`, `-1e9`, `[0.5, 1.0]`, `float("-inf")`, and the name of a number: not an array that is float32 for a reason of its own. */
function isOfFloats(node: Expression | undefined, { shape }: MlxArrayValue): boolean {
  if (node === undefined) return false;
  if (node.kind === 'list') return node.elements.some(isFloat);
  const isFloatCall =
    node.kind === 'call' && node.callee.kind === 'name' && node.callee.id === 'float';
  return (
    isFloat(node) ||
    (shape?.length === 0 && (isFloatCall || node.kind === 'name' || node.kind === 'binary'))
  );
}

function isFloat(node: Expression): boolean {
  return node.kind === 'unary' ? isFloat(node.operand) : node.kind === 'number' && node.isFloat;
}

function fixes(
  fact: FactOf<'arrayOperation'>,
  maker: CallExpression,
  half: MlxArrayValue,
  context: RuleContext,
): Fix[] {
  const mx = mlxCore(context);
  const { node } = fact;
  const [argument] = maker.args;
  const isOperand = node.kind === 'binary' && (node.left === maker || node.right === maker);
  const isNumber = /^(?:number|unary|name|binary)$/.test(argument?.value.kind ?? '');
  if (
    isOperand &&
    isNumber &&
    maker.args.length === 1 &&
    argument !== undefined &&
    isArrayCall(maker)
  ) {
    const text = textOf(context.module, argument);
    const number = argument.value.kind === 'binary' ? `(${text})` : text;
    return [fix('Use the Python number', 'unsafe', () => [replace(maker, number)])];
  }
  if (mx === null) return [];
  const dtype = `${mx}.${half.dtype}`;
  return [fix(`Make it ${half.dtype}`, 'unsafe', () => [addArgument(maker, `dtype=${dtype}`)])];
}

const isArrayCall = ({ callee }: CallExpression): boolean =>
  callee.kind === 'attribute' && callee.name.text === 'array';

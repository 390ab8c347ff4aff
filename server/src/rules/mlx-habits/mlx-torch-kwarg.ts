import type { FactOf } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { integerOf } from '../../semantics/mlxShapes.ts';
import type { Value } from '../../semantics/values.ts';
import type { Argument, CallExpression } from '../../syntax/tree.ts';
import { mlxConstructors } from '../../tables/mlxConstructors.ts';
import { mlxDtypes } from '../../tables/mlxFunctions.ts';
import { mlxOperations } from '../../tables/mlxOperations.ts';
import { shapeFunctions, torchKeywords } from '../../tables/mlxPorts.ts';
import { replace } from '../edits.ts';
import type { Edit, Fix } from '../finding.ts';
import { mlxCore } from '../mlx-timing/mlxCore.ts';
import type { NewFinding, Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { withoutArgument } from '../withoutArgument.ts';

type Report = (finding: NewFinding) => void;

export const rule: Rule = {
  meta: {
    name: 'mlx-torch-kwarg',
    code: 'MLX502',
    severity: 'error',
    summary: 'A function of MLX is given arguments of PyTorch',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  calls: (name) => mlxOperations.has(name) || mlxConstructors.has(name),
  on: {
    libraryCall(fact, report) {
      if (isCaught(fact, 'TypeError')) return;
      const parameters = mlxOperations.get(fact.name)?.parameters ?? mlxConstructors.get(fact.name);
      if (parameters === undefined) return;
      reportKeywords(fact.node, fact.name, parameters, report);
      reportSizes(fact, report);
      reportAxes(fact, report);
    },
    attribute(fact, report) {
      if (fact.object.kind !== 'mlxArray' || fact.call === null || isCaught(fact, 'TypeError'))
        return;
      const name = fact.node.name.text;
      const parameters = mlxOperations.get(`mlx.core.${name}`)?.parameters;
      if (parameters !== undefined) reportKeywords(fact.call, name, parameters, report);
    },
    arrayOperation(fact, report, context) {
      if (!isCaught(fact, 'TypeError')) reportDtype(fact, report, context);
    },
  },
};

/** `dim=0`, `device="mps"` */
function reportKeywords(
  call: CallExpression,
  name: string,
  parameters: readonly string[],
  report: Report,
): void {
  const short = name.slice(name.lastIndexOf('.') + 1);
  for (const argument of call.args) {
    const keyword = argument.name;
    if (argument.form !== 'keyword' || keyword === null || parameters.includes(keyword.text))
      continue;
    const names = torchKeywords.get(keyword.text);
    if (names === undefined) continue;
    const renamed = names.find((each) => parameters.includes(each));
    report({
      at: keyword,
      message: `${short} of MLX has no ${keyword.text}: this raises TypeError.${
        renamed === undefined ? '' : ` It is ${renamed} here.`
      }`,
      fixes: keywordFixes(call, argument, names, renamed),
    });
  }
}

function keywordFixes(
  call: CallExpression,
  argument: Argument,
  names: readonly string[],
  renamed: string | undefined,
): Fix[] {
  const keyword = argument.name;
  if (keyword === null) return [];
  if (renamed !== undefined)
    return [fix(`Use ${renamed}`, 'safe', () => [replace(keyword, renamed)])];
  return names.length > 0
    ? []
    : [fix(`Delete ${keyword.text}`, 'safe', () => [withoutArgument(call, argument)])];
}

/** `mx.zeros(2, 3)` */
function reportSizes({ node, name, positional }: FactOf<'libraryCall'>, report: Report): void {
  const place = shapeFunctions.get(name);
  if (place === undefined || positional.length <= place) return;
  // One number is a shape for `mx.zeros(3)` only.
  const raisesForOne = place > 0 || name === 'mlx.core.random.normal';
  const sizes = positional.slice(place).map(integerOf);
  const isWrong = raisesForOne
    ? sizes[0] !== null
    : sizes[0] !== null && (sizes[1] ?? null) !== null;
  if (!isWrong || sizes.includes(null)) return;
  const places = node.args.filter(({ form }) => form === 'positional');
  const [first, last] = [places[place], places.at(-1)];
  if (first === undefined || last === undefined) return;
  const short = name.replace('mlx.core.', 'mx.');
  const closing = sizes.length === 1 ? ',)' : ')';
  report({
    at: { start: first.start, end: last.end },
    message: `${short} takes one shape: sizes one by one raise TypeError.`,
    fixes: [
      fix('Put the sizes into a tuple', 'safe', () => [
        { start: first.start, end: first.start, text: '(' },
        { start: last.end, end: last.end, text: closing },
      ]),
    ],
  });
}

/** `mx.transpose(x, 0, 1)` */
function reportAxes({ node, name, positional }: FactOf<'libraryCall'>, report: Report): void {
  const axes = positional.slice(1).map(integerOf);
  if (name !== 'mlx.core.transpose' || axes.length < 2 || axes.includes(null)) return;
  const { callee } = node;
  const isSwap = axes.length === 2 && callee.kind === 'attribute';
  report({
    at: node,
    message:
      'mx.transpose takes the order of all axes in one tuple: axes one by one raise TypeError.',
    fixes: isSwap ? [fix('Use swapaxes', 'safe', () => [replace(callee.name, 'swapaxes')])] : [],
  });
}

/** `dtype=np.float32`, `"float32"`, `float` */
function reportDtype(fact: FactOf<'arrayOperation'>, report: Report, context: RuleContext): void {
  const { node, inputs } = fact;
  const parameters = mlxOperations.get(fact.operation)?.parameters;
  if (node.kind !== 'call' || parameters?.includes('dtype') !== true) return;
  // A method has its array in front.
  const offset = inputs.length - node.args.length;
  if (offset < 0 || offset > 1) return;
  node.args.forEach((argument, i) => {
    const value = inputs[i + offset];
    if (value === undefined || (argument.name !== null && argument.name.text !== 'dtype')) return;
    const isDtype = argument.name !== null || parameters[i + offset] === 'dtype';
    const name = foreignDtype(value, isDtype);
    if (name === null) return;
    const mx = mlxCore(context);
    const target = replacements.get(name) ?? (mlxDtypes.has(name) ? name : null);
    report({
      at: argument.value,
      message: 'MLX takes its own dtypes only: this raises TypeError.',
      fixes:
        mx === null || target === null
          ? []
          : [
              fix(`Use ${mx}.${target}`, 'safe', (): Edit[] => [
                replace(argument.value, `${mx}.${target}`),
              ]),
            ],
    });
  });
}

const replacements: ReadonlyMap<string, string> = new Map([
  ['float', 'float32'],
  ['int', 'int32'],
  ['bool', 'bool_'],
  ['float64', 'float32'],
  ['complex128', 'complex64'],
]);

function foreignDtype(value: Value, isNamed: boolean): string | null {
  if (value.kind === 'dtype') return value.framework === 'mlx' ? null : value.name;
  if (value.kind === 'library' && /^builtins\.(?:float|int|bool)$/.test(value.name))
    return value.name.slice('builtins.'.length);
  return isNamed && value.kind === 'constant' && typeof value.value === 'string'
    ? value.value
    : null;
}

import type {
  BinaryExpression,
  BooleanExpression,
  CompareExpression,
  Expression,
  UnaryExpression,
} from '../syntax/tree.ts';
import { calculate } from './arithmetic.ts';
import type { Context } from './context.ts';
import { behind, shadow, skipCode } from './context.ts';
import { reportChoice } from './deviceChoices.ts';
import { work } from './effects.ts';
import { deviceBefore } from './formatted.ts';
import { withHost } from './hostValues.ts';
import { join, joinDevices } from './joins.ts';
import { forceArrays } from './laziness.ts';
import {
  combineArrays,
  facetsOfArray,
  recordComparison,
  recordOperation,
  reportComparison,
} from './mlxArrays.ts';
import { readTruth } from './reading.ts';
import { fork, joinStates } from './state.ts';
import { closeWindow } from './timedWindows.ts';
import type { Value } from './values.ts';
import {
  asDevice,
  constant,
  deviceTypeOf,
  isCertainly,
  isLibraryObject,
  truth,
  union,
  unknown,
  withChoice,
} from './values.ts';

export function evaluateBinary(context: Context, node: BinaryExpression): Value {
  const left = context.evaluate(node.left);
  const right = context.evaluate(node.right);
  if (node.operator === '-' && left.kind === 'clock' && right.kind === 'clock') {
    closeWindow(context, node, right, left);
    return unknown;
  }
  // `time.time() * 1000`
  if (left.kind === 'clock' && right.kind === 'constant' && /^[*/]/.test(node.operator))
    return left;
  const result = combine(context, node, node.operator, left, right);
  return withHost(context, result, [left, right], node);
}

/** The result of arithmetic, also for `+=`. */
export function combine(
  context: Context,
  node: Expression,
  operator: BinaryExpression['operator'],
  left: Value,
  right: Value,
): Value {
  if (left.kind === 'mlxArray' || right.kind === 'mlxArray')
    return combineArrays(context, node, operator, left, right);
  if (left.kind === 'tensor' || right.kind === 'tensor')
    return combineTensors(context, node, left, right);
  if (left.kind === 'ndarray' || right.kind === 'ndarray') {
    const isScalar = [left, right].every(
      (each) => each.kind === 'constant' || (each.kind === 'ndarray' && each.isScalar === true),
    );
    const dtype = combinedNumpyDtype(left, right);
    return { kind: 'ndarray', dtype, ...(isScalar ? { isScalar } : {}), origin: node };
  }
  if (
    left.kind === 'constant' &&
    right.kind === 'constant' &&
    operator === '+' &&
    typeof left.value === 'string' &&
    typeof right.value === 'string'
  ) {
    return constant(left.value + right.value, node);
  }
  // "cuda:" + str(rank), "cuda:%d" % rank
  if (left.kind === 'constant' && typeof left.value === 'string') {
    if (operator === '+') return deviceBefore(left.value, node);
    if (operator === '%') return deviceBefore(left.value.replace(/%[ds]$/, ''), node);
  }
  return calculate(operator, left, right, node) ?? unknown;
}

function combineTensors(context: Context, node: Expression, left: Value, right: Value): Value {
  const tensors = [left, right].filter((value) => value.kind === 'tensor');
  const device =
    tensors.length === 2
      ? joinDevices(tensors[0]?.device ?? null, tensors[1]?.device ?? null)
      : (tensors[0]?.device ?? null);
  work(context, device, node);
  const scalar = [left, right].some(
    (value) => value.kind === 'constant' && typeof value.value === 'number',
  );
  const [first, second] = tensors;
  const dtype =
    second === undefined
      ? scalar && first?.dtype?.startsWith('float')
        ? first.dtype
        : null
      : first?.dtype === second.dtype
        ? (first?.dtype ?? null)
        : null;
  return { kind: 'tensor', device, dtype, origin: node };
}

function combinedNumpyDtype(left: Value, right: Value): string | null {
  const arrays = [left, right].filter((value) => value.kind === 'ndarray');
  if (arrays.some((array) => array.dtype === 'float64')) {
    return [left, right].every((value) => value.kind === 'ndarray' || value.kind === 'constant')
      ? 'float64'
      : null;
  }
  return null;
}

export function evaluateUnary(context: Context, node: UnaryExpression): Value {
  const value = context.evaluate(node.operand);
  if (node.operator === 'not') {
    readTruth(context, value, node.operand);
    const outcome = truth(value);
    return outcome === null
      ? unknown
      : withChoice(constant(!outcome, node), value.choice?.asked ?? new Set());
  }
  if (value.kind === 'constant' && typeof value.value === 'number' && node.operator === '-') {
    return { ...value, value: -value.value, origin: node };
  }
  if (value.kind === 'mlxArray')
    return recordOperation(
      context,
      node.operator,
      [value],
      facetsOfArray(value),
      context.state?.mlxDevice ?? null,
      node,
    );
  if (value.kind === 'tensor') {
    work(context, value.device, node);
    return { ...value, origin: node };
  }
  if (value.kind === 'ndarray') return { ...value, origin: node };
  return unknown;
}

export function evaluateBoolean(context: Context, node: BooleanExpression): Value {
  const left = context.evaluate(node.left);
  readTruth(context, left, node.left);
  const outcome = truth(left);
  const asked = left.choice?.asked ?? new Set<string>();
  const stops = node.operator === 'and' ? outcome === false : outcome === true;
  if (stops) {
    skipCode(context, [node.right]);
    return left;
  }
  if (outcome !== null) {
    const chosen = withChoice(context.evaluate(node.right), asked);
    // `cuda and "cuda" or "cpu"`
    if (node.operator === 'or' && node.left.kind === 'boolean' && asked.size > 0) {
      const { right } = node.left;
      reportChoice(
        context,
        node,
        chosen,
        shadow(context, () => context.evaluate(right)),
        asked,
      );
    }
    return chosen;
  }
  const skipped = context.state === null ? null : fork(context.state);
  const right = behind(context, node.left, node.operator === 'and', () =>
    context.evaluate(node.right),
  );
  context.state = joinStates(skipped, context.state);
  const all = union(left.choice?.asked, right.choice?.asked);
  // Whatever the left side is, `x and False` is false and `x or True` is true.
  if (node.operator === 'and' && truth(right) === false)
    return withChoice(constant(false, node), all);
  if (
    node.operator === 'or' &&
    truth(right) === true &&
    right.kind === 'constant' &&
    right.value === true
  ) {
    return withChoice(constant(true, node), all);
  }
  return all.size > 0 ? { kind: 'unknown', choice: { asked: all } } : join(left, right);
}

const isMps = (value: Value): boolean =>
  value.kind === 'constant' &&
  typeof value.value === 'string' &&
  deviceTypeOf(value.value) === 'mps';

export function evaluateCompare(context: Context, node: CompareExpression): Value {
  let left = context.evaluate(node.left);
  const values = [left];
  let result: boolean | null = true;
  let asked: ReadonlySet<string> = new Set(left.choice?.asked);
  let arrays = false;
  node.operands.forEach((operand, i) => {
    const right = context.evaluate(operand);
    values.push(right);
    asked = union(asked, right.choice?.asked);
    reportComparison(context, node, node.operators[i] as string, left, right);
    arrays ||= comparesArrays(context, node.operators[i] as string, left, right, operand);
    // `x.device.type == "mps"` thinks of MPS, whatever x is.
    if ([left, right].some(isMps)) context.ask('mps');
    const outcome = compareOnce(node.operators[i] as string, left, right);
    result = result === false || outcome === false ? false : outcome === null ? null : result;
    left = right;
  });
  if (arrays) return recordComparison(context, node, values);
  const tensor = values.find((value) => value.kind === 'tensor');
  if (tensor !== undefined && !node.operators.every((operator) => identities.has(operator))) {
    work(context, tensor.device, node);
    return { kind: 'tensor', device: tensor.device, dtype: 'bool', origin: node };
  }
  if (result !== null) return withChoice(constant(result, node), asked);
  return asked.size > 0 ? { kind: 'unknown', choice: { asked } } : unknown;
}

/** Comparisons that look into no tensor, or into none that they return. */
const identities: ReadonlySet<string> = new Set(['is', 'is not', 'in', 'not in']);

/** Does comparing make an array? `in` computes one, `is` does not look into it. */
function comparesArrays(
  context: Context,
  operator: string,
  left: Value,
  right: Value,
  node: Expression,
): boolean {
  if (operator === 'in' || operator === 'not in') {
    if (left.kind === 'mlxArray' || right.kind === 'mlxArray')
      forceArrays(context, [left, right], node);
    return false;
  }
  if (operator === 'is' || operator === 'is not') return false;
  return left.kind === 'mlxArray' || right.kind === 'mlxArray';
}

/** No device here is a CUDA device: comparing anything unknown with one is false. */
const isCudaText = (value: Value): boolean =>
  value.kind === 'object' && value.class === 'enum.member'
    ? value.positional.some(isCudaText)
    : value.kind === 'constant' &&
      typeof value.value === 'string' &&
      deviceTypeOf(value.value) === 'cuda';

const isKnown = (value: Value): boolean => value.kind === 'constant' || value.kind === 'device';

function compareOnce(operator: string, left: Value, right: Value): boolean | null {
  switch (operator) {
    case '==':
      return areEqual(left, right);
    case '!=': {
      const equal = areEqual(left, right);
      return equal === null ? null : !equal;
    }
    case 'is':
    case 'is not': {
      if (left.kind === 'mlxArray' && right.kind === 'constant') return operator === 'is not';
      // `device is Device.CUDA`
      if (left.kind === 'unknown' && isCudaText(right)) return operator === 'is not';
      if (right.kind !== 'constant' || typeof right.value === 'number') return null;
      const isOpen = left.kind === 'unknown' || (left.kind === 'library' && !isLibraryObject(left));
      const same = isOpen ? null : left.kind === 'constant' && left.value === right.value;
      return same === null ? null : operator === 'is' ? same : !same;
    }
    case 'in':
    case 'not in': {
      const inside = contains(right, left);
      return inside === null ? null : operator === 'in' ? inside : !inside;
    }
    default:
      return exceedsNoCuda(operator, left, right) ? false : compareNumbers(operator, left, right);
  }
}

/** `torch.cuda.device_count() > rank`: none are no more than any number of devices. */
const exceedsNoCuda = (operator: string, left: Value, right: Value): boolean =>
  (operator === '>' && isNoCuda(left) && right.kind === 'unknown') ||
  (operator === '<' && isNoCuda(right) && left.kind === 'unknown');

const isNoCuda = (value: Value): boolean =>
  value.kind === 'constant' && value.value === 0 && value.choice?.asked.has('cuda') === true;

/** A variable that is CUDA here and is compared with CUDA is meant to be something else at times. */
const isCertainlyCuda = (value: Value): boolean => {
  const device = asDevice(value);
  return device !== null && isCertainly(device, 'cuda');
};

function areEqual(left: Value, right: Value): boolean | null {
  if (isCertainlyCuda(left) && isCertainlyCuda(right)) return null;
  if (left.kind === 'constant' && right.kind === 'constant') return left.value === right.value;
  const a = asDevice(left);
  const b = asDevice(right);
  if (a !== null && b !== null) {
    if (!a.types.some((type) => b.types.includes(type))) return false;
    return a.types.length === 1 && b.types.length === 1 ? true : null;
  }
  if (isCudaText(right) && !isKnown(left)) return false;
  if (isCudaText(left) && !isKnown(right)) return false;
  return null;
}

function contains(container: Value, item: Value): boolean | null {
  if (isCertainlyCuda(container) && isCertainlyCuda(item)) return null;
  if (
    container.kind === 'constant' &&
    typeof container.value === 'string' &&
    item.kind === 'constant'
  ) {
    return container.value.includes(String(item.value));
  }
  if (container.kind === 'device' && item.kind === 'constant') {
    return container.types.length === 1
      ? String(container.types[0]).includes(String(item.value))
      : null;
  }
  // A list may have grown since it was written.
  if (
    container.kind === 'sequence' &&
    (container.form === 'tuple' || container.elements.length > 0)
  ) {
    const outcomes = container.elements.map((element) => areEqual(element, item));
    if (outcomes.includes(true)) return true;
    // `device.type not in ("cpu", "mps")`: this machine has no other.
    if (item.kind === 'unknown' && namesAllDevices(container.elements)) return true;
    return outcomes.every((outcome) => outcome === false) ? false : null;
  }
  // `"cuda" in str(device)` for any device of this machine.
  if (isCudaText(item) && container.kind === 'unknown') return false;
  return null;
}

const namesAllDevices = (elements: readonly Value[]): boolean =>
  ['cpu', 'mps'].every((type) =>
    elements.some((element) => element.kind === 'constant' && element.value === type),
  );

function compareNumbers(operator: string, left: Value, right: Value): boolean | null {
  if (left.kind !== 'constant' || right.kind !== 'constant') return null;
  const a = left.value;
  const b = right.value;
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return null;
  }
}

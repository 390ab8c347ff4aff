import { otherArm } from '../syntax/arms.ts';
import type {
  CallExpression,
  ConditionalExpression,
  Expression,
  IfStatement,
} from '../syntax/tree.ts';
import { asksOnlyForCuda } from './choices.ts';
import type { Context } from './context.ts';
import { report, shadow } from './context.ts';
import type { Value } from './values.ts';
import { deviceTypeOf, truth } from './values.ts';
import { mentionsMps } from './withoutMps.ts';

/** `if device == "cuda": model.cuda()` or `if x.is_cuda: x = x.cpu()`, with nothing for other GPUs. */
export function reportDeviceGate(context: Context, node: IfStatement, test: Value): void {
  if ((test.choice?.asked.size ?? 0) > 0) return;
  const asks =
    comparesWithCuda(node.test) || (test.origin !== undefined && comparesWithCuda(test.origin));
  if (asks && !hasOtherArm(node)) report(context, { kind: 'deviceGate', node });
}

/** `device_type = "cuda" if "cuda" in device else "cpu"`: another GPU is taken for the CPU. */
export function reportDeviceKind(
  context: Context,
  node: ConditionalExpression,
  { choice }: Value,
): void {
  const { body, test, orElse } = node;
  if ((choice?.asked.size ?? 0) > 0) return;
  const isKind = isCudaText(body) && orElse.kind === 'string' && orElse.value === 'cpu';
  if (isKind && comparesWithCuda(test, true)) report(context, { kind: 'deviceKind', node });
}

const others = new WeakMap<IfStatement, boolean>();

/** An `else`, or an `elif` that is for MPS; not `elif device == "xpu":`. */
export function hasOtherArm(node: IfStatement): boolean {
  const passed: IfStatement[] = [];
  let has: boolean | undefined;
  // What is known of an arm below holds for those above it.
  for (let arm = node; has === undefined; ) {
    has = others.get(arm);
    if (has !== undefined) break;
    passed.push(arm);
    const next = otherArm(arm);
    if (next === null) has = arm.orElse.length > 0;
    else if (mentionsMps(next.test)) has = true;
    else arm = next;
  }
  for (const arm of passed) others.set(arm, has);
  return has;
}

/** `self.device.type == "cuda"`, whatever the device is. */
export const asksForCudaDevice = (test: Expression): boolean =>
  test.kind === 'compare' && comparesWithCuda(test);

const opposites: ReadonlyMap<string, string> = new Map([
  ['!=', '=='],
  ['not in', 'in'],
]);

/** `device != "cuda"`, `"cuda" not in args.device`, `device is None or not device.type.startswith("cuda")` */
export function asksForOtherDevice(test: Expression): boolean {
  if (test.kind === 'boolean' && test.operator === 'or')
    return asksForOtherDevice(test.left) || asksForOtherDevice(test.right);
  // A kernel that refuses a tensor, as in `not x.is_cuda`, is another thing.
  if (test.kind === 'unary' && test.operator === 'not')
    return test.operand.kind !== 'attribute' && comparesWithCuda(test.operand);
  if (test.kind !== 'compare') return false;
  const [operator, ...others] = test.operators.map((each) => opposites.get(each));
  return (
    operator !== undefined &&
    others.length === 0 &&
    asksForCudaDevice({ ...test, operators: [operator] })
  );
}

/** Of a tensor's device only with `ofAny`. */
function comparesWithCuda(test: Expression, ofAny = false): boolean {
  if (test.kind === 'boolean' && test.operator === 'and' && !ofAny)
    return comparesWithCuda(test.left) || comparesWithCuda(test.right);
  if (test.kind === 'attribute') return test.name.text === 'is_cuda' && !ofAny;
  if (test.kind === 'call') return startsWithCuda(test, ofAny);
  if (test.kind !== 'compare') return false;
  const [right] = test.operands;
  if (right === undefined) return false;
  return test.operators[0] === 'in'
    ? isCudaText(test.left) && isDevice(right, ofAny)
    : test.operators[0] === '==' && isCudaText(right) && isDevice(test.left, ofAny);
}

/** `device.startswith("cuda")` */
const startsWithCuda = ({ callee, args: [start] }: CallExpression, ofAny: boolean): boolean =>
  callee.kind === 'attribute' &&
  callee.name.text === 'startswith' &&
  start !== undefined &&
  isCudaText(start.value) &&
  isDevice(callee.object, ofAny);

const isCudaText = (node: Expression): boolean =>
  node.kind === 'string' && deviceTypeOf(node.value) === 'cuda';

/** `device`, `self.device.type`, `args.device`, `self.model.device`; not the device of a tensor, which another one follows. */
function isDevice(node: Expression, ofAny: boolean): boolean {
  if (node.kind === 'name') return /device/i.test(node.id);
  // `str(device)`
  if (node.kind === 'call') {
    const [text] = node.args;
    return node.callee.kind === 'name' && node.callee.id === 'str' && text !== undefined
      ? isDevice(text.value, ofAny)
      : false;
  }
  if (node.kind !== 'attribute') return false;
  if (node.name.text === 'type') return isDevice(node.object, ofAny);
  if (!/device/i.test(node.name.text)) return false;
  if (ofAny) return true;
  const { object } = node;
  const owner =
    object.kind === 'name' ? object.id : object.kind === 'attribute' ? object.name.text : '';
  return isModel(owner) || (object.kind === 'name' && isOptions(owner));
}

const isOptions = (name: string): boolean =>
  /^(?:self|args|opts?|options|cfg|config|params|flags)$/i.test(name);

const isModel = (name: string): boolean => /(?:^|_)(?:model|network|pipe|pipeline)$/i.test(name);

/** `if not args.cpu and not torch.cuda.is_available():` is for machines without CUDA, whatever the option says. */
export function reportArmWithoutCuda(context: Context, node: IfStatement, test: Value): void {
  if (!asksOnlyForCuda(test.choice?.asked ?? new Set())) return;
  const parts = conjuncts(node.test);
  const isWithout = (part: Expression): boolean => {
    const value = shadow(context, () => context.evaluate(part));
    return truth(value) === true && value.choice?.asked.has('cuda') === true;
  };
  if (parts.length > 1 && parts.some(isWithout))
    report(context, { kind: 'cudaArm', node, body: node.orElse });
}

const conjuncts = (test: Expression): Expression[] =>
  test.kind === 'boolean' && test.operator === 'and'
    ? [...conjuncts(test.left), ...conjuncts(test.right)]
    : [test];

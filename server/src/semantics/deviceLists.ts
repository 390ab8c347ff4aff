import { otherArm } from '../syntax/arms.ts';
import type { CallExpression, Expression, IfStatement, Statement } from '../syntax/tree.ts';
import type { CallArguments, Context } from './context.ts';
import { report, shadow } from './context.ts';
import { deviceName } from './deviceDefaults.ts';
import type { Value } from './values.ts';
import { constant, deviceTypeOf } from './values.ts';

/** `choices=["cpu", "cuda"]` of any call, `gr.Radio(["cpu", "cuda"])`: whatever is named, none of them is the GPU of a Mac. */
export function reportOfferedDevices(
  context: Context,
  callee: Expression,
  { keywords, positional, positionalNodes }: CallArguments,
): void {
  for (const name of ['choices', 'options']) {
    const given = keywords.get(name);
    if (given !== undefined) reportDeviceList(context, given.value, given.node);
  }
  if (!positional.some(({ kind }) => kind === 'sequence')) return;
  const name =
    callee.kind === 'name' ? callee.id : callee.kind === 'attribute' ? callee.name.text : '';
  if (!widgets.has(name)) return;
  for (const [at, value] of positional.entries()) {
    const node = positionalNodes[at];
    if (node !== undefined) reportDeviceList(context, value, node);
  }
}

/** Of gradio, streamlit, Qt and their like: what a person picks from. */
const widgets: ReadonlySet<string> = new Set([
  'addItems',
  'Choice',
  'Dropdown',
  'Radio',
  'radio',
  'selectbox',
  'segmented_control',
]);

/** `self.available_devices = ["cpu", "cuda"]` */
export function reportDeviceTable(
  context: Context,
  name: string,
  value: Value,
  node: Expression,
): void {
  if (offered.test(name)) reportDeviceList(context, value, node);
}

const offered = /(?:^|_)(?:available|supported|valid|allowed)_devices?$/i;

/** `"device": (["auto", "cuda", "cpu"], {"default": "auto"})`, as nodes of ComfyUI say what they take. */
export function reportDeviceEntry(
  context: Context,
  name: string,
  value: Value,
  node: Expression,
): void {
  if (value.kind !== 'sequence' || !deviceName.test(name)) return;
  const [first] = value.elements;
  if (first?.kind === 'sequence' && node.kind === 'tuple' && node.elements[0] !== undefined)
    reportDeviceList(context, first, node.elements[0]);
  else reportDeviceList(context, value, node);
}

/** `assert args.device in ["cpu", "cuda"]`, `if device not in ("cpu", "cuda"): raise …` */
export function reportRequiredDevice(context: Context, test: Expression, operator: string): void {
  if (test.kind !== 'compare' || test.operators.length !== 1 || test.operators[0] !== operator)
    return;
  const [list] = test.operands;
  if (list !== undefined)
    reportDeviceList(
      context,
      shadow(context, () => context.evaluate(list)),
      list,
    );
}

/** `if device == "cpu": … elif device.startswith("cuda"): … else: raise`, `if "cpu" not in device and "cuda" not in device: raise` */
export function reportTakenDevices(context: Context, node: IfStatement): void {
  const names = endsHere(node.body) ? devicesIn(node.test, false) : devicesOfArms(node);
  if (names !== null)
    reportDevices(
      context,
      names.map((name) => constant(name)),
      node.test,
    );
}

const endsHere = (body: readonly Statement[]): boolean => body.at(-1)?.kind === 'raise';

/** What the arms are for, where the last one raises. */
function devicesOfArms(node: IfStatement): string[] | null {
  const names: string[] = [];
  for (let arm = node; ; ) {
    const own = devicesIn(arm.test, true);
    if (own === null) return null;
    names.push(...own);
    const next = otherArm(arm);
    if (next === null) return endsHere(arm.orElse) ? names : null;
    arm = next;
  }
}

/** The devices that a test names, and nothing else: alternatives of a positive one, what a negative one leaves out. */
function devicesIn(test: Expression, isPositive: boolean): string[] | null {
  if (test.kind === 'boolean' && test.operator === (isPositive ? 'or' : 'and')) {
    const left = devicesIn(test.left, isPositive);
    const right = left === null ? null : devicesIn(test.right, isPositive);
    return left === null || right === null ? null : [...left, ...right];
  }
  if (test.kind === 'unary' && test.operator === 'not' && !isPositive)
    return devicesIn(test.operand, true);
  if (test.kind === 'call') return isPositive ? startOf(test) : null;
  if (test.kind !== 'compare' || test.operators.length !== 1) return null;
  const [right] = test.operands;
  const operator = test.operators[0];
  const named =
    operator === (isPositive ? '==' : '!=')
      ? right
      : operator === (isPositive ? 'in' : 'not in') && right?.kind !== 'string'
        ? test.left
        : undefined;
  const subject = named === right ? test.left : right;
  return named?.kind === 'string' && !isTypeOfAnother(subject) ? [named.value] : null;
}

/** `x.device.type` follows where its tensor is; nobody chooses it there. */
const isTypeOfAnother = (node: Expression | undefined): boolean =>
  node?.kind === 'attribute' && node.name.text === 'type' && node.object.kind === 'attribute';

/** `device.startswith("cuda:")` */
const startOf = ({ callee, args: [start] }: CallExpression): string[] | null =>
  callee.kind === 'attribute' && callee.name.text === 'startswith' && start?.value.kind === 'string'
    ? [start.value.value.replace(/:$/, '')]
    : null;

/** `Literal["cpu", "cuda"]` */
export function reportDeviceLiteral(
  context: Context,
  object: Value,
  index: readonly Value[],
  node: Expression,
): void {
  if (object.kind === 'library' && /^typing(?:_extensions)?\.Literal$/.test(object.name))
    reportDevices(context, index, node);
}

function reportDeviceList(context: Context, list: Value, node: Expression): void {
  if (list.kind === 'sequence') reportDevices(context, list.elements, node);
}

function reportDevices(context: Context, names: readonly Value[], node: Expression): void {
  const types = names.map((each) => {
    if (each.kind !== 'constant' || typeof each.value !== 'string') return null;
    return each.value === 'auto' ? 'auto' : deviceTypeOf(each.value);
  });
  if (types.includes(null) || types.includes('mps')) return;
  if (types.includes('cuda') && types.includes('cpu'))
    report(context, { kind: 'deviceChoices', node, isOpen: types.includes('auto') });
}

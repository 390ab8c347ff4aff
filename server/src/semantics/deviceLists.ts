import type { Expression } from '../syntax/tree.ts';
import type { CallArguments, Context } from './context.ts';
import { report, shadow } from './context.ts';
import { deviceName } from './deviceDefaults.ts';
import type { Value } from './values.ts';
import { deviceTypeOf } from './values.ts';

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

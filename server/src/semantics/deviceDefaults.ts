import type { CallExpression, Expression } from '../syntax/tree.ts';
import { asksOnlyForCuda } from './choices.ts';
import type { CallArguments, Context } from './context.ts';
import { report } from './context.ts';
import type { Value } from './values.ts';
import { asDevice, isCertainly, truth } from './values.ts';

/** Names that hold devices; a text "cuda" under another name may mean anything. */
export const deviceName = /(?:^|_)device(?:$|_|s$)|^device/i;

/** `"cuda"`, `f"cuda:{index}"`, `"cuda:" + index`, and a choice between such; torch.device("cuda") is another rule's. */
const isWritten = (node: Expression): boolean =>
  node.kind === 'conditional'
    ? isWritten(node.body) && isWritten(node.orElse)
    : ['string', 'formatted', 'binary'].includes(node.kind);

/** `def f(device="cuda")`, `device: str = "cuda"`, `infer_device = "cuda"`, `device: str = field(default="cuda")` */
export function reportDeviceDefault(
  context: Context,
  name: string,
  value: Value,
  node: Expression,
): void {
  const device = asDevice(value);
  const literal = node.kind === 'call' && value.kind === 'constant' ? value.origin : node;
  if (literal === undefined || !isWritten(literal)) return;
  if (device === null || !isCertainly(device, 'cuda')) return;
  if (deviceName.test(name)) report(context, { kind: 'deviceDefault', node: literal, name });
}

/** Functions whose first argument is the default of the parameter or field that they stand for. */
const optionMakers: ReadonlySet<string> = new Set([
  'dataclasses.field',
  'typer.Argument',
  'typer.Option',
  'pydantic.Field',
]);

export const makesOption = (name: string): boolean => optionMakers.has(name);

/** What `device: str = typer.Option("cuda")` has as its default. */
export const optionDefault = (args: CallArguments): Value | undefined =>
  args.keywords.get('default')?.value ?? args.positional[0];

/** Calls that declare an option by its name, with a default. */
const optionFunctions: ReadonlySet<string> = new Set(['click.option', 'click.argument']);

/** `add_argument("--device", default="cuda")`, `@click.option("--device", default="cuda")` */
export function reportOption(
  context: Context,
  callee: string,
  args: CallArguments,
  node: CallExpression,
): void {
  if (fallbacks.has(callee)) reportFallback(context, args);
  const isFlag = /^absl\.flags\.DEFINE_(?:string|enum)$/.test(callee);
  if (callee !== 'add_argument' && !isFlag && !optionFunctions.has(callee)) return;
  const second = args.positional[1];
  const secondNode = args.positionalNodes[1];
  const given =
    args.keywords.get('default') ??
    (isFlag && second !== undefined && secondNode !== undefined
      ? { value: second, node: secondNode }
      : undefined);
  const names = args.positional.flatMap((value) =>
    value.kind === 'constant' && typeof value.value === 'string' ? [value.value] : [],
  );
  const name = names.find((other) => deviceName.test(variableName(other)));
  if (given === undefined || name === undefined || given.node === node) return;
  reportDeviceDefault(context, variableName(name), given.value, given.node);
}

/** Methods that give their second argument where the first names nothing. */
const fallbacks: ReadonlySet<string> = new Set(['get', 'pop', 'setdefault']);

/** `options.get("device", "cuda")` */
function reportFallback(context: Context, args: CallArguments): void {
  const [name, value] = args.positional;
  const [, node] = args.positionalNodes;
  if (name?.kind !== 'constant' || value === undefined || node === undefined) return;
  reportDeviceDefault(context, String(name.value), value, node);
}

/** `use_gpu = torch.cuda.is_available()`: a Mac has a GPU, and this says that there is none. */
export function reportGpuFlag(
  context: Context,
  name: string,
  value: Value,
  node: Expression,
): void {
  if (!/gpu/i.test(name) || /cuda|nvidia/i.test(name) || truth(value) !== false) return;
  if (asksOnlyForCuda(value.choice?.asked ?? new Set())) report(context, { kind: 'gpuFlag', node });
}

/** `--infer-device` is kept as infer_device. */
const variableName = (option: string): string => option.replace(/^-+/, '').replaceAll('-', '_');

/** `os.getenv("DEVICE", "cuda")` */
export function reportVariableDefault(context: Context, name: string, args: CallArguments): void {
  if (name !== 'os.getenv' && name !== 'os.environ.get') return;
  const [variable] = args.positional;
  const value = args.positional[1] ?? args.keywords.get('default')?.value;
  const node = args.positionalNodes[1] ?? args.keywords.get('default')?.node;
  if (variable?.kind !== 'constant' || value === undefined || node === undefined) return;
  reportDeviceDefault(context, String(variable.value), value, node);
}

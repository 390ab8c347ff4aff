import type { CallExpression } from '../syntax/tree.ts';
import { cudaPackages, raisingCudaFunctions, raisingWhenEntered } from '../tables/cudaFunctions.ts';
import { macCalls } from '../tables/mac.ts';
import { mlxLmForcing, mlxLmGenerators } from '../tables/mlxEvaluation.ts';
import { renamedMetalFunctions, torchMethodPorts } from '../tables/mlxFunctions.ts';
import { clocks, exits, inert, readingBuiltins, strangers } from '../tables/pythonFunctions.ts';
import {
  describedClasses,
  deviceKeywords,
  deviceTakers,
  optionHolders,
} from '../tables/torchFunctions.ts';
import { callWithArrays } from './arrayBuiltins.ts';
import { attributeOf, libraryMember } from './attributes.ts';
import { floatObject } from './collation.ts';
import type { CallArguments, Context } from './context.ts';
import {
  allValues,
  defineLambda,
  happen,
  isCatching,
  keywordValues,
  noArguments,
  report,
} from './context.ts';
import { makesOption, reportOption, reportVariableDefault } from './deviceDefaults.ts';
import { readTensor, unmodelled } from './effects.ts';
import { callThatWrites } from './environmentWrites.ts';
import { namespaceOf, superObject } from './instances.ts';
import { contentsOf, forceArrays } from './laziness.ts';
import { callMlx } from './mlxCalls.ts';
import { deviceOfCall } from './mlxStreams.ts';
import { callNumpy } from './numpyCalls.ts';
import { runInThread, threadClasses } from './threads.ts';
import { timeCode } from './timedCode.ts';
import { callTorch } from './torchCalls.ts';
import { callUnknownMethod, useDevice } from './torchMethods.ts';
import { isUninstallable } from './uninstallable.ts';
import type { Value } from './values.ts';
import { asDevice, constant, isCertainly, truth, unknown, withChoice } from './values.ts';

/** Calls a function or class of a library by its canonical name. */
export function callLibrary(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const values = allValues(args);
  report(context, {
    kind: 'libraryCall',
    node,
    name,
    positional: args.positional,
    keywords: keywordValues(args),
    defaultDevice: context.state?.defaultDevice ?? null,
    mlxDevice: name.startsWith('mlx.') ? deviceOfCall(context, args) : null,
  });
  const raised = raisingCudaFunctions.get(name)?.split(' ')[0];
  if (raised !== undefined && !raisingWhenEntered.has(name) && isCatching(context, raised)) {
    context.ask('cuda');
    context.state = null;
    return unknown;
  }
  const answer = macCalls.get(name);
  if (answer !== undefined) {
    if (answer.asks === undefined) return constant(answer.value, node);
    if (answer.asks !== 'platform') context.ask(answer.asks);
    return { ...constant(answer.value, node), choice: { asked: new Set([answer.asks]) } };
  }
  if (clocks.has(name)) return readClock(context, node);
  if (exits.has(name)) {
    context.state = null;
    return unknown;
  }
  const ofArrays = callWithArrays(context, name, args, node);
  if (ofArrays !== null) return ofArrays;
  if (name === 'platform.uname' || name === 'os.uname')
    return { kind: 'library', name: `${name}()` };
  if (name === 'builtins.all' || name === 'builtins.any')
    return callQuantifier(context, name, args, node);
  if (name === 'pytest.importorskip' && isForCudaOnly(args.positional[0])) {
    context.state = null;
    return unknown;
  }
  if (name === 'importlib.util.find_spec' && isMissing(context, args.positional[0]))
    return constant(null, node);
  if (timeitFunctions.has(name) && args.positional[0]?.kind === 'function') {
    const timed = args.positional[0];
    const last = timed.node.kind === 'lambda' ? timed.node.body : null;
    timeCode(context, node, last, () => context.invoke(timed, noArguments, node));
    return unknown;
  }
  if (name === 'builtins.exec') return executeText(context);
  if (name === 'builtins.range') return rangeOf(args, node);
  const held = namespaceOf(context, name, args);
  if (held !== null) return held;
  if (name === 'builtins.super') return superObject(context, node);
  if (name === 'builtins.dict' && args.positional.length === 0 && !args.open)
    return { kind: 'dict', entries: keywordValues(args), id: context.newId(), origin: node };
  if (name === 'dataclasses.field')
    defineLambda(context, args.keywords.get('default_factory')?.value);
  if (name === 'dataclasses.field') return args.keywords.get('default')?.value ?? unknown;
  if (makesOption(name)) return unknown;
  reportOption(context, name, args, node);
  reportVariableDefault(context, name, args);
  if (readingBuiltins.has(name)) return callReadingBuiltin(context, name, values, args, node);
  if (name === 'builtins.hasattr' || name === 'builtins.getattr')
    return callGetattr(context, name, args, node);
  if (name === 'builtins.isinstance') return callIsinstance(args, node);
  if (inert.has(name)) return unknown;
  if (callThatWrites(context, name, args, node)) return unknown;
  useDeviceKeywords(context, name, args, node);
  if (name === 'asyncio.to_thread') {
    const [target = unknown, ...positional] = args.positional;
    runInThread(context, target, { ...args, positional }, node, node);
    return unknown;
  }
  if (describedClasses.has(name) || threadClasses.has(name) || name === 'functools.partial') {
    return {
      kind: 'object',
      class: name,
      positional: args.positional,
      keywords: keywordValues(args),
      origin: node,
    };
  }
  if (name.startsWith('torch.')) return callTorch(context, name, args, node);
  if (name.startsWith('mlx.')) return callMlx(context, name, args, node);
  if (mlxLmForcing.has(name)) {
    unmodelled(context, values, node);
    forceArrays(context, values, node);
    return unknown;
  }
  if (mlxLmGenerators.has(name))
    return { kind: 'object', class: name, positional: values, keywords: new Map(), origin: node };
  if (name.startsWith('numpy.')) return callNumpy(context, name, args, node);
  // `from modules import shared`, `shared.model.cuda()`: what a package holds is no function of it.
  const [, owner = '', method = ''] = /^(?:\w+\.){2}(.*)\.(cuda|to)$/.exec(name) ?? [];
  if (owner !== '') return callUnknownMethod(context, method, args, node);
  const root = name.slice(0, name.indexOf('.'));
  unmodelled(context, values, node, strangers.has(root) ? 'arguments' : 'anything');
  return unknown;
}

const timeitFunctions: ReadonlySet<string> = new Set(['timeit.timeit', 'timeit.repeat']);

/** The text may bind any name anew: options at the top of a script often are. */
function executeText(context: Context): Value {
  const variables = context.state?.variables;
  for (const [key, value] of variables?.all() ?? []) {
    const isOption = value.kind === 'constant' || value.kind === 'device';
    if (isOption && key.startsWith(`${context.frame.scopes[0]}:`)) variables?.set(key, unknown);
  }
  return unknown;
}

function readClock(context: Context, node: CallExpression): Value {
  happen(context, { kind: 'clock', node });
  const state = context.state;
  if (state === null) return unknown;
  const reading = state.trail.number;
  const { statement, frame } = context.departure ?? context;
  context.readings.set(reading, { trail: state.trail, statement, frame });
  return { kind: 'clock', reading, origin: node };
}

const numbers: ReadonlySet<string> = new Set(
  ['int', 'float', 'round'].map((name) => `builtins.${name}`),
);

/** `print(x)`, `float(x)`: the host needs the value. */
function callReadingBuiltin(
  context: Context,
  name: string,
  values: readonly Value[],
  args: CallArguments,
  node: CallExpression,
): Value {
  const first = args.positional[0];
  // `int(time.time() * 1000)`
  if (first?.kind === 'clock' && numbers.has(name)) return first;
  for (const value of values) if (value.kind === 'tensor') readTensor(context, value, node);
  if (name === 'builtins.str' && first !== undefined) {
    const device = asDevice(first);
    if (device !== null) return first;
    if (first.kind === 'constant') return constant(String(first.value), node);
  }
  if (name === 'builtins.int' && first?.kind === 'constant' && typeof first.value === 'boolean')
    return { ...first, value: Number(first.value), isFloat: false, origin: node };
  if (name === 'builtins.bool' && first !== undefined) {
    const outcome = truth(first);
    if (outcome !== null)
      return { ...constant(outcome, node), ...(first.choice ? { choice: first.choice } : {}) };
  }
  // An object of unknown type may hide a tensor behind its text.
  if (values.some((value) => value.kind === 'unknown'))
    unmodelled(context, values, node, 'arguments');
  // A function that is differentiated has its own record of what was read.
  return name === 'builtins.float' && context.transforms.length === 0 ? floatObject(node) : unknown;
}

/** `all((torch.cuda.is_available(), …))` is false when one of them is. */
function callQuantifier(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const [values] = args.positional;
  if (values?.kind !== 'sequence') return unknown;
  const stops = name === 'builtins.any';
  const elements = contentsOf(context.state, values);
  const asked = (value: Value): ReadonlySet<string> => value.choice?.asked ?? new Set();
  const deciding = elements.find((value) => truth(value) === stops);
  if (deciding !== undefined)
    return stops && values.elements.length === 0
      ? unknown
      : withChoice(constant(stops, node), asked(deciding));
  // `any(x.is_cuda for x in xs)`
  const [first] = elements;
  return first !== undefined && elements.every((value) => truth(value) === !stops)
    ? withChoice(constant(!stops, node), asked(first))
    : unknown;
}

const isMissing = (context: Context, module: Value | undefined): boolean =>
  module?.kind === 'constant' && isUninstallable(context, String(module.value));

/** Over what a Mac has none of, a range is empty; any other is not known. */
function rangeOf({ positional }: CallArguments, node: CallExpression): Value {
  const [end] = positional.slice(positional.length > 1 ? 1 : 0);
  const [start] = positional.length > 1 ? positional : [constant(0)];
  const isEmpty =
    end?.kind === 'constant' &&
    start?.kind === 'constant' &&
    Number(end.value) <= Number(start.value);
  return isEmpty
    ? withChoice(
        { kind: 'sequence', form: 'tuple', elements: [], origin: node },
        end.choice?.asked ?? new Set(),
      )
    : unknown;
}

const isForCudaOnly = (module: Value | undefined): boolean =>
  module?.kind === 'constant' && cudaPackages.has(String(module.value).split('.')[0] as string);

function callGetattr(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const [object, attribute] = args.positional;
  if (attribute?.kind !== 'constant' || typeof attribute.value !== 'string') return unknown;
  if (name === 'builtins.getattr' && (object?.kind === 'instance' || object?.kind === 'class'))
    return attributeOf(context, object, attribute.value, node);
  if (name === 'builtins.hasattr' && object?.kind === 'mlxArray') {
    // `if hasattr(x, "detach")` is how code for both libraries tells them apart.
    return torchMethodPorts.has(attribute.value) ? constant(false, node) : unknown;
  }
  if (object?.kind !== 'library') return unknown;
  if (name === 'builtins.hasattr' && object.name === 'mlx.core') {
    return renamedMetalFunctions.has(attribute.value) ? constant(true, node) : unknown;
  }
  const member = libraryMember(context, object.name, String(attribute.value));
  if (object.name === 'torch.backends' && attribute.value === 'mps') {
    context.ask('mps');
    return name === 'builtins.hasattr'
      ? { ...constant(true, node), choice: { asked: new Set(['mps']) } }
      : { kind: 'library', name: 'torch.backends.mps' };
  }
  return name === 'builtins.hasattr' ? unknown : member;
}

/** Is an MLX array an `mx.array`, and a string a `str`? Other types may have any relation. */
const classOfKind: ReadonlyMap<Value['kind'], string> = new Map([
  ['mlxArray', 'mlx.core.array'],
  ['ndarray', 'numpy.ndarray'],
  ['tensor', 'torch.Tensor'],
]);

function callIsinstance(args: CallArguments, node: CallExpression): Value {
  const [object, type] = args.positional;
  if (object === undefined || type === undefined) return unknown;
  const isText = object.kind === 'constant' && typeof object.value === 'string';
  const own = isText ? 'builtins.str' : classOfKind.get(object.kind);
  if (own === undefined) return unknown;
  const types = type.kind === 'sequence' ? type.elements : [type];
  const names = types.map((one) => (one.kind === 'library' ? one.name : null));
  if (names.includes(own)) return constant(true, node);
  // Of its own library there may be a class above it.
  const roots = ['torch', 'numpy', 'mlx', 'builtins'].filter(
    (root) => isText || !own.startsWith(`${root}.`),
  );
  const isForeign = (name: string | null): boolean =>
    name !== null && name !== 'builtins.object' && roots.includes(name.split('.')[0] as string);
  return names.every(isForeign) ? constant(false, node) : unknown;
}

/** `Model.from_pretrained("cuda")`, `load_model(path, "cuda")`, `Model(device_map="cuda")`: nothing but a device is called so. */
function useDeviceOfUnknownPackage(
  context: Context,
  root: string,
  name: string,
  args: CallArguments,
  node: CallExpression,
): void {
  if (optionHolders.has(root)) return;
  const at = name.endsWith('.from_pretrained')
    ? 0
    : /\.load\w*$/.test(name)
      ? args.positional.findIndex((value) => asDevice(value) !== null)
      : -1;
  const given = args.keywords.get('device') ??
    args.keywords.get('device_map') ?? {
      value: args.positional[at] ?? unknown,
      node: args.positionalNodes[at] ?? node,
    };
  const device = asDevice(given.value);
  if (device !== null && isCertainly(device, 'cuda'))
    useDevice(
      context,
      node,
      device,
      name.endsWith('.from_pretrained') ? 'argument' : 'packageArgument',
      given.node,
    );
}

/** `device="cuda"` given to a function of torch or of a package that hands it on to torch. */
function useDeviceKeywords(
  context: Context,
  name: string,
  args: CallArguments,
  node: CallExpression,
): void {
  const root = name.slice(0, name.indexOf('.'));
  if (!deviceTakers.has(root)) {
    useDeviceOfUnknownPackage(context, root, name, args, node);
    return;
  }
  // A device object or a check of one reaches no allocation.
  if (name === 'torch.device' || name === 'torch.autocast' || name.startsWith('torch.amp.')) return;
  // Functions of torch.cuda answer for a device; those that raise are known by name.
  if (name.startsWith('torch.cuda.')) return;
  for (const [keyword, { value, node: argument }] of args.keywords) {
    if (!deviceKeywords.has(keyword)) continue;
    // `device_map={"": "cuda:0"}`
    const given =
      keyword === 'device_map' && value.kind === 'dict' ? [...value.entries.values()] : [value];
    for (const each of given) {
      const device = asDevice(each);
      if (device !== null) useDevice(context, node, device, 'argument', argument);
    }
  }
}

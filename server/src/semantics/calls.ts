import type { AttributeExpression, CallExpression, Expression } from '../syntax/tree.ts';
import { evaluateArguments } from './arguments.ts';
import { attributeOf } from './attributes.ts';
import { hasOtherBases } from './classes.ts';
import { callContainerMethod } from './containers.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, keywordValues, readName, report } from './context.ts';
import { reportOfferedDevices } from './deviceLists.ts';
import { unmodelled } from './effects.ts';
import { withHost } from './hostValues.ts';
import { superMember } from './instances.ts';
import { callLibrary } from './libraryCalls.ts';
import { facetsOfArray, isArrayAt, recordOperation } from './mlxArrays.ts';
import { callArrayMethod, callKernel, castToMlx } from './mlxCalls.ts';
import { isMlxModule, isMlxOptimizer } from './mlxKinds.ts';
import { callMlxModule } from './mlxModules.ts';
import {
  callMlxModuleMethod,
  callOptimizerMethod,
  dependOnModule,
  isModelUpdate,
  noteEffect,
} from './mlxTrees.ts';
import { callNdarrayMethod } from './numpyCalls.ts';
import { read } from './reading.ts';
import { callThreadMethod, threadClasses } from './threads.ts';
import { operate } from './torchCalls.ts';
import {
  callModule,
  callModuleMethod,
  callTensorMethod,
  callUnknownMethod,
} from './torchMethods.ts';
import { callTransformed } from './transforms.ts';
import type {
  DeviceValue,
  FunctionValue,
  InstanceValue,
  ObjectValue,
  TorchModuleValue,
  Value,
} from './values.ts';
import { constant, deviceTypeOf, provenance, unknown } from './values.ts';

export function evaluateCall(context: Context, node: CallExpression): Value {
  const { callee } = node;
  askByName(context, callee);
  if (callee.kind !== 'attribute') {
    const value = context.evaluate(callee);
    const inline = inlining.has(value.kind);
    const args = evaluateArguments(context, node.args, inline);
    reportOfferedDevices(context, callee, args);
    const result = applyValue(context, value, args, node);
    return context.transforms.length === 0
      ? result
      : withHost(context, result, allValues(args), node);
  }
  const object = context.evaluate(callee.object);
  readName(context, callee.name.text);
  if (object.kind === 'mlxArray' || object.kind === 'library') {
    report(context, { kind: 'attribute', node: callee, object, call: node });
  }
  const args = evaluateArguments(context, node.args, inlining.has(object.kind));
  reportOfferedDevices(context, callee, args);
  const result = callMember(context, object, callee, args, node);
  return context.transforms.length === 0
    ? result
    : withHost(context, result, [object, ...allValues(args)], node);
}

/** `is_mps_available()` of a package that is not at hand asks what it says. */
function askByName(context: Context, callee: Expression): void {
  const name =
    callee.kind === 'name' ? callee.id : callee.kind === 'attribute' ? callee.name.text : '';
  if (/^(?:is|has|use)_(?:torch_)?mps(?:_available)?$/.test(name)) context.ask('mps');
}

/** Calls of these run code that is at hand. */
const inlining: ReadonlySet<Value['kind']> = new Set([
  'function',
  'class',
  'instance',
  'workspace',
]);

function callMember(
  context: Context,
  object: Value,
  callee: AttributeExpression,
  args: CallArguments,
  node: CallExpression,
): Value {
  const name = callee.name.text;
  reportMethodCall(context, object, callee, args, node);
  switch (object.kind) {
    case 'tensor':
      return callTensorMethod(context, object, name, args, node);
    case 'ndarray':
      return callNdarrayMethod(context, object, name, args, node);
    case 'mlxArray':
      return callArrayMethod(context, object, name, args, node);
    case 'torchModule':
      return callModuleMethod(context, object.id, object, name, args, node);
    case 'instance':
      return callInstanceMethod(context, object, callee, args, node);
    case 'constant':
      read(context, { kind: 'sequence', form: 'tuple', elements: allValues(args) }, node);
      return callStringMethod(object, name, args);
    case 'sequence':
    case 'dict':
      return callContainerMethod(context, object, name, args, node);
    case 'mlxModule':
      return callMlxModuleMethod(context, object, name, args, node);
    case 'mlxTree':
      return unknown;
    case 'object':
      return callObjectMethod(context, object, callee, args, node);
    case 'device':
      return callDeviceMethod(object, name, args);
    case 'unknown':
      if (isModelUpdate(context, name, args))
        return callOptimizerMethod(context, object, name, args, node);
      return castToMlx(context, name, args, node) ?? callUnknownMethod(context, name, args, node);
    default:
      return applyValue(context, attributeOf(context, object, name, callee), args, node);
  }
}

function reportMethodCall(
  context: Context,
  object: Value,
  callee: AttributeExpression,
  args: CallArguments,
  node: CallExpression,
): void {
  const isModule = object.kind === 'torchModule' || isTorchModule(object);
  // Nothing but a tensor can be pinned.
  const isPinned = object.kind === 'unknown' && callee.name.text === 'pin_memory';
  const isExecutor = object.kind === 'object' && threadClasses.has(object.class);
  const isTorch = isModule || object.kind === 'tensor' || isPinned || isCast(object, callee, args);
  if (!isTorch && !isExecutor && !isOfMlx(object)) return;
  report(context, {
    kind: 'methodCall',
    node,
    callee,
    object,
    device:
      object.kind === 'tensor'
        ? object.device
        : isModule && (object.kind === 'torchModule' || object.kind === 'instance')
          ? (context.state?.modules.get(object.id) ?? null)
          : null,
    name: callee.name.text,
    positional: args.positional,
    keywords: keywordValues(args),
  });
}

/** `x.to(torch.float64)`, `x.type(torch.float64)`, `x.double()`: only a tensor or a module takes a dtype of torch. */
const isCast = (
  object: Value,
  callee: AttributeExpression,
  { positional }: CallArguments,
): boolean =>
  object.kind === 'unknown' &&
  (callee.name.text === 'to' || callee.name.text === 'type'
    ? positional.length === 1 &&
      positional[0]?.kind === 'dtype' &&
      positional[0].framework === 'torch'
    : callee.name.text === 'double' && positional.length === 0);

/** Modules and optimizers. */
const isOfMlx = (value: Value): boolean =>
  isMlxModule(value) || (value.kind === 'object' && value.class.startsWith('mlx.'));

function callObjectMethod(
  context: Context,
  object: ObjectValue,
  callee: AttributeExpression,
  args: CallArguments,
  node: CallExpression,
): Value {
  // It returns itself.
  if (object.class === 'torch.Generator' && callee.name.text === 'manual_seed') return object;
  if (object.class === 'builtins.super') {
    const method = superMember(context, object.positional, callee.name.text, callee);
    return method === undefined ? unknown : applyValue(context, method, args, node);
  }
  const [array] = object.positional;
  if (isArrayAt(object) && array?.kind === 'mlxArray') {
    const inputs = [array, ...allValues(args)];
    const device = context.state?.mlxDevice ?? null;
    return recordOperation(context, 'at', inputs, facetsOfArray(array), device, node);
  }
  const threaded = callThreadMethod(context, object, callee.name.text, args, node);
  if (threaded !== null) return threaded;
  if (isMlxOptimizer(object))
    return callOptimizerMethod(context, object, callee.name.text, args, node);
  if (object.class.startsWith('mlx.')) unmodelled(context, allValues(args), node);
  return unknown;
}

const isTorchModule = (value: Value): value is InstanceValue =>
  value.kind === 'instance' && value.class.libraryBases.includes('torch.nn.Module');

function callInstanceMethod(
  context: Context,
  object: InstanceValue,
  callee: AttributeExpression,
  args: CallArguments,
  node: CallExpression,
): Value {
  const member = attributeOf(context, object, callee.name.text, callee);
  if (callee.name.text === 'skipTest' && member.kind === 'unknown') {
    context.state = null;
    return unknown;
  }
  if (member.kind !== 'unknown') return applyValue(context, member, args, node);
  if (object.class.libraryBases.includes('torch.nn.Module')) {
    return callModuleMethod(context, object.id, object, callee.name.text, args, node);
  }
  if (isMlxModule(object))
    return callMlxModuleMethod(context, object, callee.name.text, args, node);
  // Models of packages are modules of torch, too.
  if (hasOtherBases(object.class.libraryBases))
    return callUnknownMethod(context, callee.name.text, args, node);
  unmodelled(context, allValues(args), node);
  return unknown;
}

const numpyScalar = ({ positional }: CallArguments): { isScalar?: true } =>
  positional[0]?.kind === 'constant' ? { isScalar: true } : {};

/** Calls whatever `value` is. */
function applyValue(
  context: Context,
  value: Value,
  args: CallArguments,
  node: CallExpression,
): Value {
  switch (value.kind) {
    case 'function':
      return context.invoke(value, args, node);
    case 'class':
      return context.instantiate(value, args, node);
    case 'library':
      return callLibrary(context, value.name, args, node);
    case 'dtype':
      return value.framework === 'numpy'
        ? { kind: 'ndarray', dtype: value.name, ...numpyScalar(args), origin: node }
        : unknown;
    case 'torchModule':
      reportModuleCall(context, value, null, args, node);
      if (value.stateless === true) return operate(context, allValues(args), node);
      return callModule(context, value.id, args, node);
    case 'instance':
      return callInstance(context, value, args, node);
    case 'mlxModule':
      if (value.class?.startsWith('mlx.nn.Dropout')) noteEffect(context, 'dropout', node);
      return callMlxModule(context, value, args, node);
    case 'transformed':
      return callTransformed(context, value, args, node);
    case 'object':
      if (value.class === 'functools.partial') return callPartial(context, value, args, node);
      return callKernel(context, value, args, node) ?? callUnknown(context, args, node);
    default:
      return callUnknown(context, args, node);
  }
}

function callUnknown(context: Context, args: CallArguments, node: CallExpression): Value {
  unmodelled(context, allValues(args), node);
  return unknown;
}

/** What `functools.partial` was given goes before what the call gives. */
function callPartial(
  context: Context,
  { positional: [callee, ...first], keywords, origin }: ObjectValue,
  args: CallArguments,
  node: CallExpression,
): Value {
  const given = [...keywords].map(([name, value]) => {
    return [name, { value, node: value.origin ?? origin ?? node }] as const;
  });
  return applyValue(
    context,
    callee ?? unknown,
    {
      ...args,
      positional: [...first, ...args.positional],
      positionalNodes: [...first.map(() => node), ...args.positionalNodes],
      keywords: new Map([...given, ...args.keywords]),
    },
    node,
  );
}

function callInstance(
  context: Context,
  object: InstanceValue,
  args: CallArguments,
  node: CallExpression,
): Value {
  const bases = object.class.libraryBases;
  const names = bases.includes('torch.nn.Module') ? ['forward', '__call__'] : ['__call__'];
  for (const name of names) {
    const member = object.class.members.get(name);
    if (member?.kind === 'function') {
      reportModuleCall(context, object, member, args, node);
      const result = context.invoke({ ...member, self: object }, args, node);
      dependOnModule(context, object, result);
      return result.kind === 'unknown' && bases.includes('torch.nn.Module')
        ? callModule(context, object.id, args, node)
        : result;
    }
  }
  if (bases.includes('torch.nn.Module')) return callModule(context, object.id, args, node);
  if (isMlxModule(object)) report(context, { kind: 'notCallable', node, class: object.class });
  unmodelled(context, allValues(args), node);
  return unknown;
}

function reportModuleCall(
  context: Context,
  module: TorchModuleValue | InstanceValue,
  forward: FunctionValue | null,
  args: CallArguments,
  node: CallExpression,
): void {
  if (context.departure !== null || (module.kind === 'instance' && !isTorchModule(module))) return;
  report(context, {
    kind: 'moduleCall',
    node,
    module,
    device: context.state?.modules.get(module.id) ?? null,
    positional: args.positional,
    forward: forward?.source.text.slice(forward.node.start, forward.node.end) ?? null,
  });
}

/** `str(device).startswith("cuda")`: the text of a device stands for the device. */
function callDeviceMethod(device: DeviceValue, name: string, args: CallArguments): Value {
  const [type] = device.types;
  if (name !== 'startswith' || device.types.length !== 1 || type === 'cuda') return unknown;
  return callStringMethod({ ...constant(type as string), ...provenance(device) }, name, args);
}

function callStringMethod(object: Value, name: string, args: CallArguments): Value {
  const argument = args.positional[0];
  if (object.kind !== 'constant' || typeof object.value !== 'string') return unknown;
  const text = object.value;
  if (name === 'lower') return { ...object, value: text.toLowerCase() };
  if (name === 'format' && /^cuda:\{\}$/.test(text)) {
    return { kind: 'device', types: ['cuda'], ...provenance(object) };
  }
  if (name === 'strip') return { ...object, value: text.trim() };
  if (argument?.kind !== 'constant' || typeof argument.value !== 'string') return unknown;
  // As with ==: who asks a device for "cuda" means it to be another one at times.
  if (name === 'startswith' && deviceTypeOf(text) === 'cuda' && argument.value === 'cuda')
    return unknown;
  if (name === 'startswith') return constant(text.startsWith(argument.value));
  if (name === 'endswith') return constant(text.endsWith(argument.value));
  return unknown;
}

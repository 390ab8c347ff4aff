import { detached } from '../syntax/detached.ts';
import type { AttributeExpression, CallExpression, Expression } from '../syntax/tree.ts';
import { macAttributes } from '../tables/mac.ts';
import { mlxDtypes } from '../tables/mlxFunctions.ts';
import { numpyConstants, numpyDtypes } from '../tables/numpyFunctions.ts';
import { torchDtypes } from '../tables/torchFunctions.ts';
import { pathValue } from './attributePaths.ts';
import type { Context } from './context.ts';
import { report } from './context.ts';
import { attributeKey, boundMember, superMember } from './instances.ts';
import { attributeOfArray } from './mlxArrays.ts';
import { treeKey } from './mlxKinds.ts';
import type {
  ClassValue,
  DeviceValue,
  InstanceValue,
  ObjectValue,
  TensorValue,
  Value,
} from './values.ts';
import { constant, unknown } from './values.ts';
import { moduleMember } from './workspaceModules.ts';

export function evaluateAttribute(
  context: Context,
  node: AttributeExpression,
  call: CallExpression | null,
): Value {
  const object = context.evaluate(node.object);
  if (object.kind === 'mlxArray' || object.kind === 'library') {
    report(context, { kind: 'attribute', node, object, call });
  }
  const written = object.kind === 'unknown' ? pathValue(context, node) : undefined;
  return written ?? attributeOf(context, object, node.name.text, node);
}

/** The value of `object.name`; unknown for methods, which calls resolve by object and name. */
export function attributeOf(
  context: Context,
  object: Value,
  name: string,
  node: Expression,
): Value {
  switch (object.kind) {
    case 'library':
      return libraryMember(context, object.name, name);
    case 'workspace':
      return moduleMember(context, object.module, name);
    case 'instance':
      return instanceMember(context, object, name, node);
    case 'class':
      return classMember(context, object, name, node);
    case 'device':
      if (name === 'type' && object.types.length === 1 && object.types[0] !== 'other') {
        return {
          ...constant(object.types[0] as string),
          ...(object.choice ? { choice: object.choice } : {}),
        };
      }
      if (name === 'index') return indexOf(object);
      return unknown;
    case 'tensor':
      if (name === 'device' && object.device !== null) return { kind: 'device', ...object.device };
      if (name === 'dtype' && object.dtype !== null) {
        return { kind: 'dtype', framework: 'torch', name: object.dtype };
      }
      if (name === 'is_cuda') return constant(false);
      if (name === 'is_mps' || name === 'is_cpu') return isOn(context, object, name);
      if (name === 'T' || name === 'mT' || name === 'data') return object;
      return unknown;
    case 'ndarray':
      return name === 'T' ? object : unknown;
    case 'mlxModule':
      return name === 'state' ? stateOf(object) : unknown;
    case 'mlxArray':
      return attributeOfArray(context, object, name, node);
    case 'object':
      return objectMember(context, object, name, node);
    case 'constant':
      // A member of an enumeration of strings.
      return name === 'value' ? object : unknown;
    case 'unknown':
      if (name === 'is_mps') context.ask('mps');
      // No tensor on a Mac is a CUDA tensor, whatever it is.
      return name === 'is_cuda' ? constant(false) : unknown;
    default:
      return unknown;
  }
}

/** `x.is_mps` and `x.is_cpu` of a tensor whose device is known. */
function isOn(context: Context, { device }: TensorValue, name: string): Value {
  const type = name.slice('is_'.length);
  if (type === 'mps') context.ask('mps');
  return device !== null && device.types.length === 1
    ? constant(device.types[0] === type)
    : unknown;
}

/** Members of an enumeration are objects with a value; those of strings are strings, too. */
function classMember(context: Context, owner: ClassValue, name: string, node: Expression): Value {
  const member = boundMember(context, owner, owner.members.get(name), node);
  const isMember = member.kind === 'constant' && owner.libraryBases.some((base) => enums.has(base));
  if (!isMember || owner.libraryBases.some((base) => stringEnums.has(base))) return member;
  return { kind: 'object', class: 'enum.member', positional: [member], keywords: new Map() };
}

const enums = new Set(['enum.Enum', 'enum.IntEnum', 'enum.StrEnum', 'enum.Flag']);
const stringEnums = new Set(['builtins.str', 'builtins.int', 'enum.IntEnum', 'enum.StrEnum']);

function objectMember(
  context: Context,
  object: ObjectValue,
  name: string,
  node: Expression,
): Value {
  if (object.class === 'enum.member' && name === 'value') return object.positional[0] ?? unknown;
  if (object.class === 'builtins.super')
    return superMember(context, object.positional, name, node) ?? unknown;
  return name === 'state' ? stateOf(object) : unknown;
}

/** `torch.device("cuda").index` is None. */
function indexOf({ types, origin }: DeviceValue): Value {
  if (types.length !== 1 || origin?.kind !== 'string') return unknown;
  const index = /:(\d+)$/.exec(origin.value)?.[1];
  return constant(index === undefined ? null : Number(index));
}

function instanceMember(
  context: Context,
  object: InstanceValue,
  name: string,
  node: Expression,
): Value {
  const key = attributeKey(object.id, name);
  const own = context.state?.variables.get(key) ?? importedAttribute(context, key);
  if (own !== undefined) return own;
  const member = object.class.members.get(name);
  if (member === undefined && name === 'state') return stateOf(object);
  return boundMember(context, object, member, node);
}

/** `model.state`, `optimizer.state`: whoever holds it sees the arrays of the moment. */
function stateOf(owner: Value): Value {
  const key = treeKey(owner);
  return key === null ? unknown : { kind: 'mlxTree', key };
}

/** An attribute as the module that made the object has left it. */
function importedAttribute(context: Context, key: string): Value | undefined {
  for (const { variables } of context.summaries) {
    const value = variables.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}

export function libraryMember(context: Context, module: string, name: string): Value {
  const qualified = memberName(module, name);
  const answer = macAttributes.get(qualified);
  if (answer !== undefined) {
    if (answer.asks === undefined) return constant(answer.value);
    // Who asks for the system has not asked for its GPU yet.
    if (answer.asks !== 'platform') context.ask(answer.asks);
    return { ...constant(answer.value), choice: { asked: new Set([answer.asks]) } };
  }
  const number = numpyConstants.get(qualified);
  if (number !== undefined) return { kind: 'constant', value: number, isFloat: true };
  const dtype = dtypeByName(module, name);
  return dtype ?? { kind: 'library', name: qualified };
}

const memberNames = new Map<string, Map<string, string>>();
let knownNames = 0;

/** Beyond these all are made anew. */
const maximumNames = 10_000;

/** Many tables are asked about each name: the same string has its hash already. */
function memberName(module: string, name: string): string {
  if (knownNames === maximumNames) {
    memberNames.clear();
    knownNames = 0;
  }
  let members = memberNames.get(module);
  if (members === undefined) {
    members = new Map();
    memberNames.set(detached(module), members);
  }
  let qualified = members.get(name);
  if (qualified === undefined) {
    // Pieces of a text would keep all of it.
    qualified = detached(canonicalName(`${module}.${name}`));
    members.set(detached(name), qualified);
    knownNames += 1;
  }
  return qualified;
}

function dtypeByName(module: string, name: string): Value | null {
  if (module === 'torch' && torchDtypes.has(name)) {
    return { kind: 'dtype', framework: 'torch', name: torchDtypes.get(name) as string };
  }
  if (module === 'numpy' && numpyDtypes.has(name)) {
    return { kind: 'dtype', framework: 'numpy', name: numpyDtypes.get(name) as string };
  }
  if (module === 'mlx.core' && mlxDtypes.has(name)) {
    return { kind: 'dtype', framework: 'mlx', name };
  }
  return null;
}

/** Re-exports by the name under which the tables know them. */
const reexports: readonly (readonly [prefix: string, canonical: string])[] = [
  ['torch.functional.', 'torch.'],
  ['torch.nn.modules.', 'torch.nn.'],
  ['torch.random.', 'torch.'],
  ['torch.cuda.random.', 'torch.cuda.'],
  ['mlx.nn.layers.', 'mlx.nn.'],
  ['numpy.core.', 'numpy.'],
];

export function canonicalName(name: string): string {
  // Modules of torch import torch: `torch.cuda.torch.cuda.synchronize`.
  const inner = name.startsWith('torch.') ? name.lastIndexOf('.torch.') : -1;
  if (inner > 0) return name.slice(inner + 1);
  for (const [prefix, canonical] of reexports) {
    if (name.startsWith(prefix)) return canonical + name.slice(prefix.length);
  }
  return name;
}

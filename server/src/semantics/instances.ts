import type { Expression } from '../syntax/tree.ts';
import type { CallArguments, Context } from './context.ts';
import { noArguments } from './context.ts';
import { invokeFunction } from './functions.ts';
import type { ClassValue, FunctionValue, InstanceValue, Value } from './values.ts';
import { unknown } from './values.ts';

export const attributeKey = (id: number, name: string): string => `object#${id}.${name}`;

/** Makes an object of a class and runs its `__init__`; null arguments: any. */
export function instantiateClass(
  context: Context,
  callee: ClassValue,
  args: CallArguments | null,
  call: Expression | null,
): InstanceValue {
  const id = context.newId();
  const instance: InstanceValue = { kind: 'instance', class: callee, id };
  const state = context.state;
  if (state === null) return instance;
  const isModule = callee.libraryBases.includes('torch.nn.Module');
  if (isModule) state.modules.set(id, state.defaultDevice);
  const init = callee.members.get('__init__');
  // Layers of layers of layers: what another file's module is made of is not needed here.
  if (isModule && init?.kind === 'function' && init.source !== context.home) return instance;
  if (init?.kind === 'function') invokeFunction(context, { ...init, self: instance }, args, call);
  else if (callee.fields !== undefined) fillFields(context, instance, callee.fields, args, call);
  return instance;
}

/** What the generated `__init__` of a dataclass does, and `__post_init__`. */
function fillFields(
  context: Context,
  instance: InstanceValue,
  fields: NonNullable<ClassValue['fields']>,
  args: CallArguments | null,
  call: Expression | null,
): void {
  fields.forEach(({ name, value }, i) => {
    const isKnown = args !== null && !args.open;
    const given = args?.positional[i] ?? args?.keywords.get(name)?.value;
    const filled = given ?? (isKnown ? value : null) ?? unknown;
    context.state?.variables.set(attributeKey(instance.id, name), filled);
  });
  const after = instance.class.members.get('__post_init__');
  if (after?.kind === 'function')
    invokeFunction(context, { ...after, self: instance }, noArguments, call);
}

/** The class of objects that only hold what they are given. */
const namespace: ClassValue = {
  kind: 'class',
  node: {
    kind: 'class',
    name: { text: 'SimpleNamespace', start: 0, end: 0 },
    decorators: [],
    bases: [],
    body: [],
    start: 0,
    end: 0,
  },
  scopes: [],
  libraryBases: ['types.SimpleNamespace'],
  bases: [],
  members: new Map(),
};

const namespaces: ReadonlySet<string> = new Set([
  'argparse.Namespace',
  'easydict.EasyDict',
  'types.SimpleNamespace',
]);

/** `SimpleNamespace(device="mps")`; null: no such class, or what it holds is not known. */
export function namespaceOf(context: Context, name: string, args: CallArguments): Value | null {
  if (!namespaces.has(name) || args.open || args.positional.length > 0) return null;
  const id = context.newId();
  for (const [attribute, { value }] of args.keywords)
    context.state?.variables.set(attributeKey(id, attribute), value);
  return { kind: 'instance', class: namespace, id };
}

/** A member of a class as an access through an object or the class itself gives it. */
export function boundMember(
  context: Context,
  owner: InstanceValue | ClassValue,
  member: Value | undefined,
  node: Expression,
): Value {
  if (member?.kind === 'transformed' && member.of.kind === 'function') {
    const self = selfOf(owner, member.of);
    return self === null ? member : { ...member, of: { ...member.of, self } };
  }
  if (member?.kind !== 'function') return member ?? unknown;
  if (member.binding === 'property') {
    if (owner.kind === 'class') return unknown;
    return context.invoke({ ...member, self: owner }, noArguments, node);
  }
  const self = selfOf(owner, member);
  return self === null ? member : { ...member, self };
}

/** What a method gets as its first argument; null: nothing. */
export function selfOf(owner: InstanceValue | ClassValue, member: FunctionValue): Value | null {
  if (member.binding === 'static') return null;
  if (member.binding === 'class') return owner.kind === 'class' ? owner : owner.class;
  return owner.kind === 'class' ? null : owner;
}

/** `super()` in a method: its object, and where its class's bases are looked through. */
export function superObject(context: Context, node: Expression): Value {
  const method = context.frame.node;
  const first = method?.parameters[0]?.name?.text;
  const owner = method === null ? undefined : context.owners.get(method);
  if (owner === undefined || first === undefined) return unknown;
  const self = context.state?.variables.get(`${context.frame.scopes[0]}:${first}`);
  if (self === undefined) return unknown;
  return {
    kind: 'object',
    class: 'builtins.super',
    positional: [self, owner],
    keywords: new Map(),
    origin: node,
  };
}

/** A method of `super()`; undefined: no class at hand has it. */
export function superMember(
  context: Context,
  [self, owner]: readonly Value[],
  name: string,
  node: Expression,
): Value | undefined {
  if (owner?.kind !== 'class' || (self?.kind !== 'instance' && self?.kind !== 'class'))
    return undefined;
  const base = owner.bases.find(({ members }) => members.has(name));
  return base === undefined ? undefined : boundMember(context, self, base.members.get(name), node);
}

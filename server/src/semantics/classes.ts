import type { ClassStatement, Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { report } from './context.ts';
import { skipsOnMac } from './decorators.ts';
import type { ClassField, ClassValue, Value } from './values.ts';
import { unknown } from './values.ts';

const dataclassDecorators: ReadonlySet<string> = new Set([
  'dataclasses.dataclass',
  'attr.s',
  'attr.dataclass',
  'attrs.define',
  'attrs.frozen',
]);

export function evaluateClass(context: Context, node: ClassStatement): Value {
  let hasFields = false;
  let isDecorated = false;
  for (const decorator of node.decorators) {
    if (skipsOnMac(context, decorator)) return unknown;
    const value = context.evaluate(decorator.kind === 'call' ? decorator.callee : decorator);
    if (value.kind === 'library' && dataclassDecorators.has(value.name)) hasFields = true;
    else isDecorated = true;
  }
  const libraryBases: string[] = [];
  const bases: ClassValue[] = [];
  for (const base of node.bases) {
    const value = context.evaluate(base.value);
    if (base.form !== 'positional') continue;
    if (value.kind === 'library') libraryBases.push(value.name);
    else if (value.kind === 'class') bases.push(value);
    // What an unknown base brings is not known: neither then are missing members.
    else libraryBases.push('?');
  }
  for (const base of bases) libraryBases.push(...base.libraryBases);
  hasFields ||= libraryBases.includes('typing.NamedTuple');
  const members = new Map<string, Value>();
  for (const base of [...bases].reverse())
    for (const [name, member] of base.members) members.set(name, member);
  const own = bodyOf(context, node);
  for (const [name, value] of own) members.set(name, value);
  const fields = hasFields ? fieldsOf(node, bases, own) : null;
  // A base or a decorator may make parameters of annotated names: an object then has any value.
  const isOpen = isDecorated || hasOtherBases(libraryBases);
  if (isOpen || hasFields) for (const name of annotatedNames(node)) members.set(name, unknown);
  const value: ClassValue = {
    kind: 'class',
    node: context.isMain ? node : withoutBody(node),
    scopes: context.frame.scopes,
    libraryBases,
    bases,
    members,
    ...(fields === null ? {} : { fields }),
  };
  for (const member of own.values())
    if (member.kind === 'function') context.owners.set(member.node, value);
  context.definedClasses.push(value);
  report(context, { kind: 'classDefinition', node, class: value });
  return value;
}

/** Are there bases whose members are not known? */
export const hasOtherBases = (libraryBases: readonly string[]): boolean =>
  libraryBases.some((name) => !plainBases.has(name));

/** Only the members of a class in another file are asked for, so that its statements need not be kept. */
const withoutBody = ({ kind, name, start, end }: ClassStatement): ClassStatement => ({
  kind,
  name,
  decorators: [],
  bases: [],
  body: [],
  start,
  end,
});

/** Bases that do nothing to annotated names. */
const plainBases: ReadonlySet<string> = new Set([
  'builtins.object',
  'abc.ABC',
  'torch.nn.Module',
  'torch.utils.data.Dataset',
]);

/** What the body of a class binds. */
function bodyOf(context: Context, node: ClassStatement): ReadonlyMap<string, Value> {
  const scope = context.newId();
  const { frame } = context;
  context.classScopes.add(scope);
  context.frame = { ...frame, scopes: [scope, ...frame.scopes], outer: new Map() };
  context.execute(node.body);
  context.frame = frame;
  const prefix = `${scope}:`;
  const bound = new Map<string, Value>();
  for (const [key, value] of context.state?.variables.all() ?? [])
    if (key.startsWith(prefix)) bound.set(key.slice(prefix.length), value);
  return bound;
}

function annotatedNames(node: ClassStatement): string[] {
  return node.body.flatMap((statement) =>
    statement.kind === 'annotatedAssign' && statement.target.kind === 'name'
      ? [statement.target.id]
      : [],
  );
}

function fieldsOf(
  node: ClassStatement,
  bases: readonly ClassValue[],
  own: ReadonlyMap<string, Value>,
): readonly ClassField[] {
  const fields = new Map<string, Value | null>();
  for (const base of bases)
    for (const { name, value } of base.fields ?? []) fields.set(name, value);
  for (const statement of node.body) {
    if (statement.kind !== 'annotatedAssign' || statement.target.kind !== 'name') continue;
    if (isClassVariable(statement.annotation)) continue;
    const { id } = statement.target;
    fields.set(id, statement.value === null ? null : (own.get(id) ?? unknown));
  }
  return [...fields].map(([name, value]) => ({ name, value }));
}

const isClassVariable = (annotation: Expression): boolean =>
  (annotation.kind === 'subscript' && isClassVariable(annotation.object)) ||
  (annotation.kind === 'name' && annotation.id === 'ClassVar') ||
  (annotation.kind === 'attribute' && annotation.name.text === 'ClassVar');

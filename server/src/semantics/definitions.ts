import type { ClassStatement, Expression, FunctionStatement } from '../syntax/tree.ts';
import { transformKinds } from '../tables/mlxTransforms.ts';
import type { Context } from './context.ts';
import { bind, noArguments, report } from './context.ts';
import { reportDeviceDefault } from './deviceDefaults.ts';
import { transform } from './transforms.ts';
import type { ClassValue, FunctionValue, Value } from './values.ts';
import { truth, unknown } from './values.ts';

/** Decorators that hand the function on, so that a call still runs its body. */
const transparent = new Set([
  'torch.no_grad',
  'torch.inference_mode',
  'torch.enable_grad',
  'torch.compile',
  'torch.jit.script',
  'functools.cache',
  'functools.lru_cache',
  'functools.wraps',
  'builtins.staticmethod',
  'builtins.classmethod',
  'builtins.property',
  'typing.no_type_check',
  'abc.abstractmethod',
]);

export function evaluateDefinition(
  context: Context,
  node: FunctionStatement | ClassStatement,
): void {
  if (node.kind === 'class') {
    bind(context, node.name.text, evaluateClass(context, node));
    return;
  }
  let known = true;
  for (const decorator of node.decorators) {
    if (skipsOnMac(context, decorator)) {
      bind(context, node.name.text, unknown);
      return;
    }
    known &&= isTransparent(context, decorator) || isTransform(context, decorator);
  }
  for (const parameter of node.parameters) {
    if (parameter.defaultValue !== null) {
      const value = context.evaluate(parameter.defaultValue);
      if (parameter.name !== null)
        reportDeviceDefault(context, parameter.name.text, value, parameter.defaultValue);
    }
  }
  const value: FunctionValue = {
    kind: 'function',
    node,
    source: context.source,
    scopes: context.frame.scopes.filter((scope) => !context.classScopes.has(scope)),
  };
  context.defined.push(value);
  bind(context, node.name.text, known ? transformedBy(context, node, value) : unknown);
}

function decoratorName(context: Context, decorator: Expression): string | null {
  const value = context.evaluate(decorator.kind === 'call' ? decorator.callee : decorator);
  return value.kind === 'library' ? value.name : null;
}

const isTransparent = (context: Context, decorator: Expression): boolean => {
  const name = decoratorName(context, decorator);
  return name !== null && transparent.has(name);
};

/** `@mx.compile`, `@partial(mx.compile, inputs=state)`: the transform and its keywords. */
function transformOf(
  context: Context,
  decorator: Expression,
): { readonly name: string; readonly keywords: ReadonlyMap<string, Value> } | null {
  const name = decoratorName(context, decorator) ?? '';
  if (name !== 'functools.partial' && !transformKinds.has(name)) return null;
  const value = context.evaluate(decorator);
  const isPartial = value.kind === 'object' && value.class === 'functools.partial';
  const library = isPartial ? value.positional[0] : value;
  if (library?.kind !== 'library' || !transformKinds.has(library.name)) return null;
  return { name: library.name, keywords: isPartial ? value.keywords : new Map() };
}

const isTransform = (context: Context, decorator: Expression): boolean =>
  transformOf(context, decorator) !== null;

/** What the decorators make of the function, the lowest first. */
function transformedBy(context: Context, node: FunctionStatement, value: FunctionValue): Value {
  return [...node.decorators].reverse().reduce<Value>((inner, decorator) => {
    const found = transformOf(context, decorator);
    if (found === null) return inner;
    const keywords = new Map(
      [...found.keywords].map(([name, each]) => [name, { value: each, node: decorator }]),
    );
    const args = { ...noArguments, positional: [inner], keywords };
    return transform(context, found.name, args, decorator) ?? inner;
  }, value);
}

/** Test decorators that skip the body when their condition holds (or, for skipUnless, does not). */
const skipDecorators: ReadonlyMap<string, boolean> = new Map([
  ['pytest.mark.skipif', true],
  ['unittest.skipIf', true],
  ['unittest.skipUnless', false],
]);

function skipsOnMac(context: Context, decorator: Expression): boolean {
  if (decorator.kind !== 'call') return false;
  const name = decoratorName(context, decorator);
  const skipping = name === null ? undefined : skipDecorators.get(name);
  const condition = decorator.args[0]?.value;
  if (skipping === undefined || condition === undefined) return false;
  return truth(context.evaluate(condition)) === skipping;
}

function evaluateClass(context: Context, node: ClassStatement): Value {
  for (const decorator of node.decorators) {
    if (skipsOnMac(context, decorator)) return unknown;
    context.evaluate(decorator);
  }
  const libraryBases: string[] = [];
  const members = new Map<string, Value>();
  for (const base of node.bases) {
    const value = context.evaluate(base.value);
    if (value.kind === 'library') libraryBases.push(value.name);
    if (value.kind === 'class') {
      libraryBases.push(...value.libraryBases);
      for (const [name, member] of value.members) members.set(name, member);
    }
    // What an unknown base brings is not known: neither then are missing members.
    if (value.kind === 'unknown') libraryBases.push('?');
  }
  const scope = context.newId();
  const { frame } = context;
  context.classScopes.add(scope);
  context.frame = { ...frame, scopes: [scope, ...frame.scopes], outer: new Map() };
  context.execute(node.body);
  context.frame = frame;
  const prefix = `${scope}:`;
  for (const [key, value] of context.state?.variables.all() ?? []) {
    if (key.startsWith(prefix)) members.set(key.slice(prefix.length), value);
  }
  // Annotated names of a dataclass are parameters with defaults: an instance may have any value.
  for (const statement of node.body) {
    if (statement.kind === 'annotatedAssign' && statement.target.kind === 'name')
      members.set(statement.target.id, unknown);
  }
  const value: ClassValue = {
    kind: 'class',
    node,
    scopes: frame.scopes,
    libraryBases,
    members,
  };
  context.definedClasses.push(value);
  report(context, { kind: 'classDefinition', node, class: value });
  return value;
}

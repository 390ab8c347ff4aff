import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { noArguments } from './context.ts';
import { transform } from './transforms.ts';
import type { FunctionValue, Value } from './values.ts';
import { truth, unknown } from './values.ts';

/** Decorators that hand the function on, so that a call still runs its body. */
const transparent: ReadonlySet<string> = new Set([
  'torch.no_grad',
  'torch.inference_mode',
  'torch.enable_grad',
  'torch.compile',
  'torch.jit.script',
  'torch.jit.export',
  'torch.jit.ignore',
  'torch.jit.unused',
  'torch.autocast',
  'torch.amp.autocast',
  'torch.cuda.amp.autocast',
  'torch.cuda.amp.autocast_mode.autocast',
  'functools.cache',
  'functools.lru_cache',
  'functools.wraps',
  'typing.no_type_check',
  'typing.override',
  'typing.final',
  'abc.abstractmethod',
]);

/** Decorators that change what a call or an access passes on. */
const bindings: ReadonlyMap<string, FunctionValue['binding']> = new Map([
  ['builtins.staticmethod', 'static'],
  ['builtins.classmethod', 'class'],
  ['builtins.property', 'property'],
  ['functools.cached_property', 'property'],
  ['contextlib.contextmanager', 'manager'],
]);

/** What the name of a decorated function stands for; null: nothing new, as for the setter of a property. */
export function decorate(
  context: Context,
  decorators: readonly Expression[],
  plain: FunctionValue,
): Value | null {
  let value: Value = plain;
  for (const decorator of [...decorators].reverse()) {
    if (decorator.kind === 'attribute' && ['setter', 'deleter'].includes(decorator.name.text))
      return null;
    value = apply(context, decorator, value);
  }
  return value;
}

function apply(context: Context, decorator: Expression, decorated: Value): Value {
  const callee = context.evaluate(decorator.kind === 'call' ? decorator.callee : decorator);
  if (callee.kind === 'library') {
    const binding = bindings.get(callee.name);
    if (binding !== undefined && decorated.kind === 'function') return { ...decorated, binding };
    if (transparent.has(callee.name)) {
      if (decorator.kind === 'call') context.evaluate(decorator);
      return decorated;
    }
    const transformed = transformedBy(context, decorator, callee.name, decorated);
    if (transformed !== null) return transformed;
    if (decorator.kind === 'call') context.evaluate(decorator);
    return unknown;
  }
  if (callee.kind !== 'function') return unknown;
  const wrap = decorator.kind === 'call' ? context.evaluate(decorator) : callee;
  if (wrap.kind !== 'function') return unknown;
  const wrapped = context.invoke(wrap, { ...noArguments, positional: [decorated] }, decorator);
  return wrapped.kind === 'function' ? wrapped : unknown;
}

/** `@mx.compile`, `@partial(mx.compile, inputs=state)` */
function transformedBy(
  context: Context,
  decorator: Expression,
  name: string,
  decorated: Value,
): Value | null {
  if (decorator.kind !== 'call')
    return transform(context, name, { ...noArguments, positional: [decorated] }, decorator);
  if (name !== 'functools.partial') return null;
  const partial = context.evaluate(decorator);
  const library = partial.kind === 'object' ? partial.positional[0] : undefined;
  if (partial.kind !== 'object' || library?.kind !== 'library') return null;
  const keywords = new Map(
    [...partial.keywords].map(([key, value]) => [key, { value, node: decorator }]),
  );
  const args = { ...noArguments, positional: [decorated], keywords };
  return transform(context, library.name, args, decorator);
}

/** Test decorators that skip the body when their condition holds (or, for skipUnless, does not). */
const skipDecorators: ReadonlyMap<string, boolean> = new Map([
  ['pytest.mark.skipif', true],
  ['unittest.skipIf', true],
  ['unittest.skipUnless', false],
]);

/** Is a decorated function or class a test that a Mac skips? */
export function skipsOnMac(context: Context, decorator: Expression): boolean {
  const value = context.evaluate(decorator.kind === 'call' ? decorator.callee : decorator);
  // `needs_cuda = pytest.mark.skipif(…)`, used by its name.
  if (decorator.kind !== 'call') return isSkip(value);
  const skipping = value.kind === 'library' ? skipDecorators.get(value.name) : undefined;
  const condition = decorator.args[0]?.value;
  if (skipping === undefined || condition === undefined) return false;
  return truth(context.evaluate(condition)) === skipping;
}

/** What a call of a skip decorator returns. */
export function isSkip(value: Value): boolean {
  if (value.kind !== 'object') return false;
  const skipping = skipDecorators.get(value.class);
  const [condition] = value.positional;
  return condition !== undefined && truth(condition) === skipping;
}

import type {
  CallExpression,
  ComprehensionExpression,
  DictExpression,
  Expression,
  SliceExpression,
  SubscriptExpression,
} from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import { elementOf, isOfCudaDevices, many } from './arrayBuiltins.ts';
import type { CallArguments, Context } from './context.ts';
import { allValues, behind } from './context.ts';
import { reportChoice } from './deviceChoices.ts';
import { reportDeviceDefault } from './deviceDefaults.ts';
import { reportDeviceEntry, reportDeviceLiteral } from './deviceLists.ts';
import { unmodelled } from './effects.ts';
import { join } from './joins.ts';
import { addTo, arraysIn, contentsOf, forceArrays } from './laziness.ts';
import { isArrayAt } from './mlxArrays.ts';
import { loadElements, sliceBound } from './mlxIndexing.ts';
import { noteAddition } from './mlxTrees.ts';
import { readTruth } from './reading.ts';
import type { State } from './state.ts';
import { assignTarget } from './targets.ts';
import type { DictValue, SequenceValue, Value } from './values.ts';
import { constant, isCertainly, truth, unknown, withChoice } from './values.ts';

export function evaluateDict(context: Context, node: DictExpression): Value {
  const entries = new Map<string, Value>();
  for (const { key, value } of node.entries) {
    const known = key === null ? unknown : context.evaluate(key);
    const evaluated = context.evaluate(value);
    if (known.kind === 'constant') {
      reportDeviceDefault(context, String(known.value), evaluated, value);
      reportDeviceEntry(context, String(known.value), evaluated, value);
    }
    const name =
      known.kind === 'constant' && typeof known.value === 'string'
        ? known.value
        : unknownKey(entries);
    entries.set(name, evaluated);
  }
  return { kind: 'dict', entries, id: context.newId(), origin: node };
}

/** No attribute, keyword or configuration has a name with a NUL. */
const unknownKey = (entries: ReadonlyMap<string, Value>): string => `\0${entries.size}`;

/** The elements are all alike. Names of the clauses are bound inside only. */
export function evaluateComprehension(context: Context, node: ComprehensionExpression): Value {
  const restore = keepNames(context, node);
  const tests: Expression[] = [];
  for (const clause of node.clauses) {
    const iterable = context.evaluate(clause.iterable);
    if (isOfCudaDevices(iterable)) {
      restore();
      return { kind: 'sequence', form: 'list', elements: [], id: context.newId(), origin: node };
    }
    assignTarget(context, clause.target, elementOf(context, iterable, clause.iterable));
    for (const condition of clause.conditions) {
      const value = context.evaluate(condition);
      readTruth(context, value, condition);
      if (truth(value) === false) {
        restore();
        return unknown;
      }
      if (truth(value) === null) tests.push(condition);
    }
  }
  const evaluate = (): Value => {
    const key = context.evaluate(node.element);
    return node.value === null ? key : context.evaluate(node.value);
  };
  const element = tests.reduce((run, test) => () => behind(context, test, true, run), evaluate)();
  restore();
  if (element.kind === 'unknown') return unknown;
  return node.value === null
    ? many(context, element, node)
    : { kind: 'dict', entries: new Map([[unknownKey(new Map()), element]]), id: context.newId() };
}

/** What the names that the clauses bind stood for before, to be put back. */
function keepNames(context: Context, node: ComprehensionExpression): () => void {
  const scope = context.frame.scopes[0];
  const names = new Set(node.clauses.flatMap(({ target }) => namesIn(target)));
  const before = [...names].map((name) => {
    const key = `${scope}:${name}`;
    return [key, context.state?.variables.get(key)] as const;
  });
  return () => {
    for (const [key, value] of before) {
      if (value === undefined) context.state?.variables.delete(key);
      else context.state?.variables.set(key, value);
    }
  };
}

const namesIn = (target: Expression): string[] =>
  target.kind === 'name'
    ? [target.id]
    : childrenOf(target).flatMap((c) => namesIn(c as Expression));

export function evaluateSubscript(context: Context, node: SubscriptExpression): Value {
  const object = context.evaluate(node.object);
  const index = node.index.map((part) => context.evaluate(part));
  const first = index[0];
  reportDeviceLiteral(context, object, index, node);
  if (object.kind === 'mlxArray') return loadElements(context, object, index, node);
  if (isArrayAt(object)) return object;
  // `names[i]`: Python needs the number.
  if (object.kind !== 'unknown' && first?.kind === 'mlxArray') forceArrays(context, [first], node);
  const [part] = node.index;
  if (object.kind === 'sequence' && part?.kind === 'slice') return sliced(context, object, part);
  if (object.kind === 'sequence' || object.kind === 'dict') {
    const written = writtenElement(object, index.length === 1 ? first : undefined);
    const added = object.id === undefined ? undefined : context.state?.added.get(object.id);
    if (added === undefined) reportIndexedChoice(context, object, first, node);
    if (added === undefined) return written ?? elementOfUnknownKey(object) ?? unknown;
    return added.reduce<Value>(join, written ?? added[0] ?? unknown);
  }
  if (object.kind === 'tensor') {
    // The host counts what a mask lets through, and waits for it.
    const mayBeMask = index.some(
      (each) => each.kind === 'unknown' || (each.kind === 'tensor' && each.dtype !== 'int64'),
    );
    if (mayBeMask && !isCertainly(object.device, 'cpu')) unmodelled(context, [], node);
    return { ...object, origin: node };
  }
  if (object.kind === 'ndarray') return { kind: 'ndarray', dtype: object.dtype, origin: node };
  return unknown;
}

/** `layers[:-1]`: a list of its own. */
function sliced(context: Context, list: SequenceValue, slice: SliceExpression): Value {
  const contents = contentsOf(context.state, list);
  const [first, ...others] = contents;
  if (first === undefined) return unknown;
  const [lower, upper] = [slice.lower, slice.upper].map((part) => sliceBound(context, part));
  const isWritten = contents === list.elements && slice.step === null;
  if (!isWritten || lower === null || upper === null)
    return { ...many(context, others.reduce(join, first), slice), form: list.form };
  const elements = contents.slice(lower, upper);
  return { kind: 'sequence', form: list.form, elements, id: context.newId(), origin: slice };
}

/** What a dict holds under keys that are not known. */
function elementOfUnknownKey(object: SequenceValue | DictValue): Value | undefined {
  if (object.kind !== 'dict') return undefined;
  const branch = branchOf(object);
  if (branch !== null) return branch;
  const entries = [...object.entries];
  const [first, ...others] = entries.map(([, value]) => value);
  if (first === undefined || !entries.every(([key]) => key.startsWith('\0'))) return undefined;
  return others.reduce(join, first);
}

/** The element that a constant picks from what the container was written with. */
function writtenElement(
  object: SequenceValue | DictValue,
  index: Value | undefined,
): Value | undefined {
  if (index?.kind !== 'constant') return undefined;
  if (object.kind === 'dict')
    return typeof index.value === 'string' ? object.entries.get(index.value) : undefined;
  const { value } = index;
  const isIndex = typeof value === 'number' || typeof value === 'boolean';
  const element = isIndex ? object.elements.at(Number(value)) : undefined;
  return element && withChoice(element, index.choice?.asked ?? new Set());
}

/** `("cpu", "cuda")[torch.cuda.is_available()]` */
function reportIndexedChoice(
  context: Context,
  object: SequenceValue | DictValue,
  index: Value | undefined,
  node: SubscriptExpression,
): void {
  const asked = index?.choice?.asked;
  if (object.kind !== 'sequence' || object.elements.length !== 2 || asked === undefined) return;
  const chosen = writtenElement(object, index);
  const dead = object.elements.find((element) => element.origin !== chosen?.origin);
  if (chosen !== undefined && dead !== undefined) reportChoice(context, node, chosen, dead, asked);
}

const growing = new Set([
  'append',
  'extend',
  'insert',
  'add',
  'update',
  'setdefault',
  '__setitem__',
]);

/** What `extend` adds. */
const elementsOf = (state: State, value: Value): readonly Value[] =>
  value.kind === 'sequence' ? contentsOf(state, value) : [value];

/** Methods of lists, tuples, sets and dicts. */
export function callContainerMethod(
  context: Context,
  object: SequenceValue | DictValue,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  const { state } = context;
  const values = allValues(args);
  if (growing.has(name) && state !== null) {
    if (object.id === undefined) unmodelled(context, values, node);
    else {
      const added = name === 'extend' ? values.flatMap((v) => elementsOf(state, v)) : values;
      addTo(state, object, added);
      noteAddition(context, object, values, node);
    }
    return unknown;
  }
  const contents = contentsOf(state, object);
  if (arraysIn(context.state, contents).length === 0)
    return elementsOfContainer(context, object, name, args, node);
  const element = branchOf(object) ?? contents.reduce(join);
  if (name === 'pop' || name === 'get') return element;
  if (name === 'values' || name === 'copy') return many(context, element, node);
  if (name === 'items') {
    return many(context, { kind: 'sequence', form: 'tuple', elements: [unknown, element] }, node);
  }
  return unknown;
}

/** Methods of dicts that hold no MLX arrays. */
function elementsOfContainer(
  context: Context,
  object: SequenceValue | DictValue,
  name: string,
  args: CallArguments,
  node: CallExpression,
): Value {
  if (object.kind !== 'dict' || isOpen(context, object)) return unknown;
  // What is written empty is filled by somebody; `**options` of a call that gives none is empty.
  if (object.origin?.kind === 'dict' && object.entries.size === 0) return unknown;
  const [key, otherwise] = args.positional;
  if (name === 'get' && key?.kind === 'constant' && typeof key.value === 'string')
    return object.entries.get(key.value) ?? otherwise ?? constant(null, node);
  const values = [...object.entries.values()];
  const [first] = values;
  if (first === undefined) return unknown;
  const element = values.reduce(join);
  if (name === 'values') return many(context, element, node);
  if (name === 'copy') return { ...object, id: context.newId() };
  if (name !== 'items') return unknown;
  return many(context, { kind: 'sequence', form: 'tuple', elements: [unknown, element] }, node);
}

/** Parameters and gradients of a module of modules are dicts of dicts, and at the end of arrays: what a name leads to is open. */
const branchOf = (object: SequenceValue | DictValue): DictValue | null =>
  object.kind === 'dict' && object.entries.has('\0')
    ? { kind: 'dict', entries: object.entries }
    : null;

/** May it hold more than is known? */
const isOpen = (context: Context, { id, entries }: DictValue): boolean =>
  (id !== undefined && context.state?.added.has(id) === true) ||
  [...entries.keys()].some((key) => key.startsWith('\0'));

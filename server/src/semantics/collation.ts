import type { Expression } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { noArguments } from './context.ts';
import type { ObjectValue, Value } from './values.ts';
import { unknown } from './values.ts';

/** A Python float whose value is not known. */
export const floatObject = (origin: Expression): ObjectValue => ({
  kind: 'object',
  class: 'builtins.float',
  positional: [],
  keywords: new Map(),
  origin,
});

/** What a DataLoader over a dataset of this workspace gives: its samples, put together by default_collate. */
export function batchOf(context: Context, loader: ObjectValue, node: Expression): Value {
  const dataset = loader.positional[0] ?? loader.keywords.get('dataset');
  const size = loader.keywords.get('batch_size');
  if (loader.keywords.has('collate_fn') || dataset?.kind !== 'instance') return unknown;
  if (size?.kind === 'constant' && size.value === null) return unknown;
  const method = dataset.class.members.get('__getitem__');
  if (method?.kind !== 'function') return unknown;
  const positional = [unknown];
  return collated(
    context.invoke({ ...method, self: dataset }, { ...noArguments, positional }, node),
  );
}

/** Executed on torch 2.13: Python floats and np.float64 become float64, tensors keep their dtype. */
function collated(value: Value): Value {
  switch (value.kind) {
    case 'constant':
      if (typeof value.value !== 'number') return unknown;
      return batchOfNumbers(value.isFloat ? 'float64' : 'int64', value);
    case 'object':
      return value.class === 'builtins.float' ? batchOfNumbers('float64', value) : unknown;
    case 'ndarray':
      return value.dtype === null ? unknown : batchOfNumbers(value.dtype, value);
    case 'tensor': {
      const { shape: _, ...rest } = value;
      return rest;
    }
    case 'sequence':
      return { kind: 'sequence', form: 'tuple', elements: value.elements.map(collated) };
    case 'dict':
      return {
        kind: 'dict',
        entries: new Map([...value.entries].map(([key, entry]) => [key, collated(entry)])),
      };
    default:
      return unknown;
  }
}

const batchOfNumbers = (dtype: string, { origin }: Value): Value => ({
  kind: 'tensor',
  device: { types: ['cpu'] },
  dtype,
  collated: true,
  ...(origin === undefined ? {} : { origin }),
});

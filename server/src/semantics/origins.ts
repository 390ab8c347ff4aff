import type { Expression } from '../syntax/tree.ts';
import type { Device, Value } from './values.ts';

/** The value without the place `node`, which lies in another file than the one that is checked. */
export function withoutOrigin(value: Value, node: Expression): Value {
  let result = value;
  if (result.origin === node) {
    const { origin: _, ...rest } = result;
    result = rest;
  }
  if (result.kind === 'tensor' && result.device?.origin === node)
    result = { ...result, device: placeless(result.device) };
  return result;
}

export const placeless = ({ types, choice }: Device): Device =>
  choice === undefined ? { types } : { types, choice };

const bare = new WeakMap<Value, Value>();

/** The value without any place in a text, for use by other files. */
export function withoutOrigins(value: Value): Value {
  let known = bare.get(value);
  if (known === undefined) {
    known = strip(value);
    bare.set(value, known);
  }
  return known;
}

function strip(value: Value): Value {
  const { origin: _, ...rest } = value;
  switch (rest.kind) {
    case 'tensor':
      return rest.device === null ? rest : { ...rest, device: placeless(rest.device) };
    case 'sequence':
      return { ...rest, elements: rest.elements.map(withoutOrigins) };
    case 'dict':
      return { ...rest, entries: stripped(rest.entries) };
    case 'object':
      return {
        ...rest,
        positional: rest.positional.map(withoutOrigins),
        keywords: stripped(rest.keywords),
      };
    case 'class':
      return { ...rest, members: stripped(rest.members) };
    case 'instance':
      return { ...rest, class: withoutOrigins(rest.class) as typeof rest.class };
    case 'function':
      return rest.self === undefined ? rest : { ...rest, self: withoutOrigins(rest.self) };
    default:
      return rest;
  }
}

const stripped = (values: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
  new Map([...values].map(([name, value]) => [name, withoutOrigins(value)]));

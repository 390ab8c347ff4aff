import type { Expression } from '../syntax/tree.ts';
import type { Device, Value } from './values.ts';
import { unknown } from './values.ts';

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

/** Values as other files see them: without any place in a text, and without lists that have grown since. */
export class ExportedValues {
  private readonly known = new Map<Value, Value>();
  private readonly grown: ReadonlySet<number>;

  /** @param grown ids of lists and dicts to which something was added. */
  constructor(grown: ReadonlySet<number>) {
    this.grown = grown;
  }

  of(value: Value): Value {
    let exported = this.known.get(value);
    if (exported === undefined) {
      exported = this.make(value);
      this.known.set(value, exported);
    }
    return exported;
  }

  private make(value: Value): Value {
    const { origin: _, ...rest } = value;
    switch (rest.kind) {
      case 'tensor':
        return rest.device === null ? rest : { ...rest, device: placeless(rest.device) };
      case 'sequence':
        if (rest.id !== undefined && this.grown.has(rest.id)) return unknown;
        return { ...rest, elements: rest.elements.map((element) => this.of(element)) };
      case 'dict':
        // `settings = {}` of a module is there to be filled.
        if (rest.entries.size === 0) return unknown;
        if (rest.id !== undefined && this.grown.has(rest.id)) return unknown;
        return { ...rest, entries: this.all(rest.entries) };
      case 'object':
        return {
          ...rest,
          positional: rest.positional.map((argument) => this.of(argument)),
          keywords: this.all(rest.keywords),
        };
      case 'class':
        return { ...rest, members: this.all(rest.members) };
      case 'instance':
        return { ...rest, class: this.of(rest.class) as typeof rest.class };
      case 'function':
        return rest.self === undefined ? rest : { ...rest, self: this.of(rest.self) };
      default:
        return rest;
    }
  }

  private all(values: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    return new Map([...values].map(([name, value]) => [name, this.of(value)]));
  }
}

import type { Module, Node } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';
import { ownersOf } from './owners.ts';

/** Is a parameter of a function around named in it? One caller may be known, and others give something else. */
export function usesParameter(node: Node, { body }: Module): boolean {
  const parameters = new Set<string | undefined>();
  for (const owner of ownersOf(body, node.start))
    if (owner.kind === 'function')
      for (const { name } of owner.parameters) parameters.add(name?.text);
  let uses = false;
  walk([node], (inner) => {
    uses ||= inner.kind === 'name' && parameters.has(inner.id);
  });
  return uses;
}

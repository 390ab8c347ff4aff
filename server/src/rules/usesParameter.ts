import type { Module, Node } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';
import { statementsAround } from './owners.ts';

/** Is a parameter of a function around named in it? One caller may be known, and others give something else. */
export function usesParameter(node: Node, { body }: Module): boolean {
  const around = statementsAround(body, node.start);
  const parameters = new Set<string | undefined>();
  const add = (outer: Node): void => {
    if (outer.kind !== 'function' && outer.kind !== 'lambda') return;
    if (outer.start > node.start || outer.end < node.end) return;
    for (const { name } of outer.parameters) parameters.add(name?.text);
  };
  around.forEach(add);
  const innermost = around.at(-1);
  if (innermost !== undefined) walk([innermost], add);
  let uses = false;
  walk([node], (inner) => {
    uses ||= inner.kind === 'name' && parameters.has(inner.id);
  });
  return uses;
}

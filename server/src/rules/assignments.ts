import type { Expression, Node, Statement } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';

/** Assignments, loops and item assignments that bind or change the name or attribute path anywhere inside. */
export function assignmentsTo(body: readonly Statement[], path: string): readonly Node[] {
  const found: Node[] = [];
  walk(body, (node) => {
    const isOne =
      (node.kind === 'assign' && node.targets.some((target) => binds(target, path))) ||
      ((node.kind === 'augmentedAssign' ||
        node.kind === 'annotatedAssign' ||
        node.kind === 'for') &&
        binds(node.target, path));
    if (isOne) found.push(node);
  });
  return found;
}

function binds(target: Expression, path: string): boolean {
  if (target.kind === 'tuple' || target.kind === 'list')
    return target.elements.some((element) => binds(element, path));
  if (target.kind === 'subscript') return binds(target.object, path);
  if (target.kind === 'starred') return binds(target.value, path);
  return pathOf(target) === path;
}

/** `x`, `self.keys`; null for anything else. */
export function pathOf(node: Expression): string | null {
  if (node.kind === 'name') return node.id;
  if (node.kind !== 'attribute') return null;
  const object = pathOf(node.object);
  return object === null ? null : `${object}.${node.name.text}`;
}

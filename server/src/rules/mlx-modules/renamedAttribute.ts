import type { ClassStatement, Expression } from '../../syntax/tree.ts';
import { childrenOf } from '../../syntax/visit.ts';
import { replace } from '../edits.ts';
import type { Edit } from '../finding.ts';

/** Renames `self.old` in a class; null when `self.new` is there already. */
export function renamedAttribute(
  owner: ClassStatement,
  old: string,
  renamed: string,
): Edit[] | null {
  const edits: Edit[] = [];
  let isTaken = false;
  const visit = (node: Parameters<typeof childrenOf>[0]): void => {
    if (node.kind === 'attribute' && isSelf(node.object)) {
      if (node.name.text === old) edits.push(replace(node.name, renamed));
      isTaken ||= node.name.text === renamed;
    }
    if (node.kind === 'function' && node.name.text === renamed) isTaken = true;
    for (const child of childrenOf(node)) visit(child);
  };
  visit(owner);
  return isTaken ? null : edits;
}

const isSelf = (node: Expression): boolean => node.kind === 'name' && node.id === 'self';

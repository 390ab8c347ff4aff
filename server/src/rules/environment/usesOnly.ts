import type { Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';

/** Is it the only name in the statement? Another one may not be bound yet where the statement goes to. */
export function usesOnly(statement: Statement, name: string): boolean {
  let only = true;
  walk([statement], (node) => {
    if (node.kind === 'name') only &&= node.id === name;
  });
  return only;
}

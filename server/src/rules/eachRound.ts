import type { Fact } from '../semantics/facts.ts';
import type { Expression, ForStatement, Module, WhileStatement } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';
import { assignmentsTo, pathOf } from './assignments.ts';
import { statementsAround } from './owners.ts';

/**
 * Does every round of the innermost loop get there: is nothing asked before that is unknown, as in `if verbose:`, or
 * whose answer changes from round to round, as in `if step == 1:`?
 */
export function isInEachRound({ loop, tests, node }: Fact, module: Module): boolean {
  if (loop === null || tests.some((test) => test.start >= loop.start)) return false;
  return !statementsAround(module.body, node.start).some(
    (around) =>
      around.kind === 'if' &&
      around.start > loop.start &&
      around.test.end <= node.start &&
      changesIn(loop, around.test),
  );
}

function changesIn(loop: ForStatement | WhileStatement, test: Expression): boolean {
  let changes = false;
  walk([test], (part) => {
    const path = part.kind === 'name' || part.kind === 'attribute' ? pathOf(part) : null;
    changes ||= path !== null && assignmentsTo([loop], path).length > 0;
  });
  return changes;
}

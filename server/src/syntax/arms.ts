import type { IfStatement } from './tree.ts';

/**
 * An `if` and its `elif` parts, in order; an `if` that is all of an `else` is one of them. There may be thousands.
 * @param most that are wanted
 */
export function armsOf(node: IfStatement, most = Number.POSITIVE_INFINITY): readonly IfStatement[] {
  const arms = [node];
  for (let next = otherArm(node); next !== null && arms.length < most; next = otherArm(next))
    arms.push(next);
  return arms;
}

/** The next arm; null where there is none, or other code. */
export function otherArm({ orElse }: IfStatement): IfStatement | null {
  const [first] = orElse;
  return first?.kind === 'if' && orElse.length === 1 ? first : null;
}

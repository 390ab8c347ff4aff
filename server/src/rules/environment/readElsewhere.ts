import type { EnvironmentWriteFact } from '../../semantics/facts.ts';
import { factsOf } from '../factsOf.ts';
import type { RuleContext } from '../rule.ts';

/**
 * May the program itself read the variable that it sets? Each place that names it and sets nothing counts:
 * who looks at it sees what a fix changes.
 */
export function isReadElsewhere(
  { name, form }: EnvironmentWriteFact,
  { facts, module }: RuleContext,
): boolean {
  if (form === 'file') return false;
  const writes = factsOf(facts, 'environmentWrite').filter((fact) => fact.name === name);
  const places = new Set(writes.map(({ statement }) => statement.start));
  return module.text.split(name).length - 1 > places.size;
}

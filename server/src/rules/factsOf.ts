import type { Fact, FactKind, FactOf, Facts } from '../semantics/facts.ts';

const grouped = new WeakMap<Facts, Map<FactKind, Fact[]>>();

/** The facts of one kind, in their order: there are many, and rules that look for others look often. */
export function factsOf<K extends FactKind>(facts: Facts, kind: K): readonly FactOf<K>[] {
  let groups = grouped.get(facts);
  if (groups === undefined) {
    groups = new Map();
    for (const fact of facts.facts) {
      const group = groups.get(fact.kind);
      if (group === undefined) groups.set(fact.kind, [fact]);
      else group.push(fact);
    }
    grouped.set(facts, groups);
  }
  return (groups.get(kind) ?? []) as FactOf<K>[];
}

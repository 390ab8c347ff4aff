import type { Facts, LibraryCallFact } from '../semantics/facts.ts';
import { factsOf } from './factsOf.ts';

const known = new WeakMap<Facts, Map<RegExp, readonly LibraryCallFact[]>>();

/** Calls of some functions. Looked for once: there are many findings and many facts. */
export function callsOf(facts: Facts, names: RegExp): readonly LibraryCallFact[] {
  const calls = known.get(facts) ?? new Map<RegExp, readonly LibraryCallFact[]>();
  known.set(facts, calls);
  let found = calls.get(names);
  if (found === undefined) {
    found = factsOf(facts, 'libraryCall').filter(({ name }) => names.test(name));
    calls.set(names, found);
  }
  return found;
}

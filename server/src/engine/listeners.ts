import type { Handler, Rule } from '../rules/rule.ts';
import { handlersOf } from '../rules/rule.ts';
import type { Fact } from '../semantics/facts.ts';
import { detached } from '../syntax/detached.ts';

interface Listener {
  readonly rule: Rule;
  readonly handler: Handler;
}

const nobody: readonly Listener[] = [];

/** Functions whose listeners are kept. */
const maximumNames = 5_000;

/** Who handles each fact, in the order of the rules: there are many facts and many rules. */
class Listeners {
  private readonly byKind = new Map<string, Listener[]>();
  /** Those of calls, by the function that is called. */
  private readonly byName = new Map<string, readonly Listener[]>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      for (const [kind, handler] of handlersOf(rule)) {
        const known = this.byKind.get(kind);
        if (known === undefined) this.byKind.set(kind, [{ rule, handler }]);
        else known.push({ rule, handler });
      }
    }
  }

  to(fact: Fact): readonly Listener[] {
    if (fact.kind !== 'libraryCall') return this.byKind.get(fact.kind) ?? nobody;
    let listeners = this.byName.get(fact.name);
    if (listeners === undefined) {
      const all = this.byKind.get(fact.kind) ?? nobody;
      listeners = all.filter(({ rule }) => rule.calls?.(fact.name) !== false);
      if (this.byName.size === maximumNames) this.byName.clear();
      this.byName.set(detached(fact.name), listeners);
    }
    return listeners;
  }
}

const known = new WeakMap<readonly Rule[], Listeners>();

/** The same for the same list of rules. */
export function listenersOf(rules: readonly Rule[]): Listeners {
  let listeners = known.get(rules);
  if (listeners === undefined) {
    listeners = new Listeners(rules);
    known.set(rules, listeners);
  }
  return listeners;
}

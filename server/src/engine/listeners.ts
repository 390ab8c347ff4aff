import type { Handler, NewFinding, Rule } from '../rules/rule.ts';
import { handlersOf } from '../rules/rule.ts';
import type { Fact } from '../semantics/facts.ts';

interface Listener {
  readonly rule: Rule;
  readonly handler: Handler;
  readonly report: (finding: NewFinding) => void;
}

/** Who handles each fact, in the order of the rules: there are many facts and many rules. */
export class Listeners {
  private readonly byKind = new Map<string, Listener[]>();
  /** Those of calls, by the function that is called. */
  private readonly byName = new Map<string, readonly Listener[]>();

  constructor(rules: readonly Rule[], report: (rule: Rule, finding: NewFinding) => void) {
    for (const rule of rules) {
      const reportFor = (finding: NewFinding): void => report(rule, finding);
      for (const [kind, handler] of handlersOf(rule)) {
        const listener: Listener = { rule, handler, report: reportFor };
        const known = this.byKind.get(kind);
        if (known === undefined) this.byKind.set(kind, [listener]);
        else known.push(listener);
      }
    }
  }

  to(fact: Fact): readonly Listener[] {
    if (fact.kind !== 'libraryCall') return this.byKind.get(fact.kind) ?? nobody;
    let listeners = this.byName.get(fact.name);
    if (listeners === undefined) {
      const all = this.byKind.get(fact.kind) ?? nobody;
      listeners = all.filter(({ rule }) => rule.calls?.(fact.name) !== false);
      this.byName.set(fact.name, listeners);
    }
    return listeners;
  }
}

const nobody: readonly Listener[] = [];

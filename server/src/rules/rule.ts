import type { Fact, FactKind, FactOf, Facts } from '../semantics/facts.ts';
import type { Environment } from '../semantics/target.ts';
import type { Module, Span } from '../syntax/tree.ts';
import type { Applicability, Edit, Finding, Fix, Severity } from './finding.ts';

/** What is known about a rule without running it; pages, settings and registries are made from it. */
export interface RuleMeta {
  /** kebab-case, reads as the thing found; equals the file name. */
  readonly name: string;
  /** Stable: MPS1xx placement, 2xx dtypes, … (see ARCHITECTURE.md). */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence, without a final period. */
  readonly summary: string;
  /** Smelt version that brought the rule. */
  readonly since: string;
  readonly fix: 'safe' | 'unsafe' | 'mixed' | 'none';
}

/** What a rule may read. */
export interface RuleContext {
  readonly module: Module;
  readonly facts: Facts;
  readonly environment: Environment;
}

/** What a rule says; the engine adds name and code. */
export interface NewFinding {
  readonly at: Span;
  readonly message: string;
  /** Absent: the rule's own. */
  readonly severity?: Severity;
  readonly related?: Finding['related'];
  readonly fixes?: readonly Fix[];
  readonly tags?: Finding['tags'];
}

export type FactHandlers = {
  readonly [K in FactKind]?: (
    fact: FactOf<K>,
    report: (finding: NewFinding) => void,
    context: RuleContext,
  ) => void;
};

export interface Beside {
  readonly words: RegExp;
  /** One of these is used, too: in the file or in one that it imports. */
  readonly needed: RegExp;
  /** The other one has to be in the same function, or outside of all as this one is. */
  readonly within?: 'function';
}

export interface Rule {
  readonly meta: RuleMeta;
  /**
   * One of the words that lead to a finding matches: names and what string literals hold, each on its own.
   * Code that neither has such a word nor uses what it gives a value to is not run. Also counts what keeps
   * the rule silent. null: no Python file has a finding.
   */
  readonly words: RegExp | null;
  /** Words that lead to a finding only beside others. */
  readonly besides?: readonly Beside[];
  /** Can there be a finding in this environment? Absent: in any. */
  readonly applies?: (environment: Environment) => boolean;
  /** Is it about calls of this library function? Asked once for each name; absent: about those of any. */
  readonly calls?: (name: string) => boolean;
  /** Called for each fact of that kind, in the order in which the program meets them. */
  readonly on: FactHandlers;
}

/** What a rule does with one kind of fact. */
export type Handler = (
  fact: Fact,
  report: (finding: NewFinding) => void,
  context: RuleContext,
) => void;

/** The rule's handlers by the kind of fact that each is for. */
export const handlersOf = (rule: Rule): readonly (readonly [kind: string, handler: Handler])[] =>
  Object.entries(rule.on) as [string, Handler][];

export const fix = (
  title: string,
  applicability: Applicability,
  edits: () => readonly Edit[],
): Fix => ({
  title,
  applicability,
  edits,
});

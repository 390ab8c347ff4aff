import type { Finding } from '../rules/finding.ts';
import type { NewFinding, Rule, RuleContext } from '../rules/rule.ts';
import { rule as unusedSuppressionRule } from '../rules/suppressions/unused-suppression.ts';
import type { Fact, Facts } from '../semantics/facts.ts';
import { interpret } from '../semantics/interpreter.ts';
import type { ImportSite } from '../semantics/moduleSource.ts';
import { nowhere } from '../semantics/moduleSource.ts';
import { settingsFacts } from '../semantics/settingsFacts.ts';
import type { Environment } from '../semantics/target.ts';
import { isSettingsModule } from '../syntax/settings/setting.ts';
import type { Module } from '../syntax/tree.ts';
import { listenersOf } from './listeners.ts';
import { rules } from './registry.gen.ts';
import { relevanceOf } from './relevance.ts';
import { selectRules } from './selectRules.ts';
import type { LintSettings } from './settings.ts';
import { applySuppressions } from './suppressions.ts';
import { unusedSuppressions } from './unusedSuppressions.ts';

/** A finding lost to a defect in Smelt: logged, never shown as a finding. */
export interface RuleFailure {
  /** The rule, or "interpreter" when nothing could be found out at all. */
  readonly rule: string;
  readonly offset: number;
  readonly error: unknown;
}

export interface Analysis {
  /** Sorted by position, suppressed ones removed. */
  readonly findings: readonly Finding[];
  readonly failures: readonly RuleFailure[];
  /** From this statement on the text was too much to be looked at; null: all of it was. */
  readonly stoppedAt: number | null;
}

/** Text without any of these names cannot have a finding. */
const relevant =
  /torch|mlx|MPS|MLX|smelt:|transformers|diffusers|lightning|accelerate|coremltools|sentence_transformers|whisper|ultralytics|timm|["']cuda["':]|\.cuda\(/;

/** Most files of most folders are about something else: they need not even be parsed. */
export const mayHaveFindings = (texts: readonly string[]): boolean =>
  texts.some((text) => relevant.test(text));

/** What stands for texts that are not parsed. */
export const unparsed = (texts: readonly string[]): Module => ({
  text: '',
  body: [],
  comments: [],
  outline: null,
  cellStarts: texts.map(() => 0),
  broken: false,
  brokenAt: () => null,
});

const nothing: Analysis = { findings: [], failures: [], stoppedAt: null };

/** A comment that may be judged, though there is nothing to silence. */
const suppresses = /smelt:|noqa:.*\bM/i;

/** Pure: no files, clocks or processes. */
export function analyze(
  module: Module,
  settings: LintSettings,
  environment: Environment,
  site: ImportSite = nowhere,
): Analysis {
  if (!relevant.test(module.text)) return nothing;
  const { selected, applying } = selectionOf(settings, environment);
  const relevance = isSettingsModule(module) ? null : relevanceOf(module, applying, site);
  if (relevance?.any === false && !suppresses.test(module.text)) return nothing;
  if (relevance?.all === true) module.readAll?.();
  let facts: Facts;
  try {
    facts = isSettingsModule(module)
      ? settingsFacts(module)
      : interpret(module, environment, null, site, relevance?.matters);
  } catch (error) {
    return { ...nothing, failures: [{ rule: 'interpreter', offset: 0, error }] };
  }
  const failures: RuleFailure[] = [];
  const found = new Map<string, Finding>();
  const context: RuleContext = { module, facts, environment };
  const failed = new Set<Rule>();
  const add = (to: Map<string, Finding>, rule: Rule, finding: NewFinding): void =>
    keep(
      to,
      rule,
      settings.unfixable?.includes(rule.meta.code) ? { ...finding, fixes: [] } : finding,
    );
  let current: { readonly fact: Fact; readonly rule: Rule } | undefined;
  const report = (finding: NewFinding): void => {
    if (current === undefined) return;
    add(found, current.rule, capped(finding, current.fact, current.rule, facts));
  };
  const listeners = listenersOf(relevance?.rules ?? applying);
  for (const fact of facts.facts) {
    for (const { rule, handler } of listeners.to(fact)) {
      if (failed.size > 0 && failed.has(rule)) continue;
      current = { fact, rule };
      try {
        handler(fact, report, context);
      } catch (error) {
        failed.add(rule);
        failures.push({ rule: rule.meta.name, offset: offsetOf(fact), error });
      }
    }
  }
  // A rule that failed may have said half of what it knows.
  const whole = [...found.values()].filter(
    (finding) => !failures.some(({ rule }) => rule === finding.rule),
  );
  whole.sort(byPosition);
  const { stoppedAt } = facts;
  if (settings.ignoreSuppressions === true) return { findings: whole, failures, stoppedAt };
  const suppressed = applySuppressions(module, whole);
  const kept: Analysis = { findings: suppressed.findings, failures, stoppedAt };
  // Of a text that cannot be read whole it is not known what is not in it.
  if (!selected.includes(unusedSuppressionRule) || stoppedAt !== null) return kept;
  const ran = new Set(selected.filter((rule) => !failed.has(rule)));
  const unused = new Map<string, Finding>();
  for (const finding of unusedSuppressions(module, suppressed, rules, ran))
    add(unused, unusedSuppressionRule, finding);
  if (unused.size === 0 || module.broken) return kept;
  return { ...kept, findings: [...kept.findings, ...unused.values()].sort(byPosition) };
}

interface SelectedRules {
  readonly selected: readonly Rule[];
  /** Those of them that can find something in the environment. */
  readonly applying: readonly Rule[];
}

const selections = new WeakMap<LintSettings, WeakMap<Environment, SelectedRules>>();

/** The rules that the settings select; the same lists for the same two. */
function selectionOf(settings: LintSettings, environment: Environment): SelectedRules {
  const known = selections.get(settings) ?? new WeakMap<Environment, SelectedRules>();
  selections.set(settings, known);
  let selection = known.get(environment);
  if (selection === undefined) {
    const selected = selectRules(rules, settings).rules;
    const applying = selected.filter(({ applies }) => applies?.(environment) !== false);
    selection = { selected, applying };
    known.set(environment, selection);
  }
  return selection;
}

function keep(found: Map<string, Finding>, rule: Rule, finding: NewFinding): void {
  const { code, name, severity } = rule.meta;
  const key = `${code}:${finding.at.start}:${finding.at.end}`;
  if (found.has(key)) return;
  found.set(key, {
    rule: name,
    code,
    severity: finding.severity ?? severity,
    message: finding.message,
    start: finding.at.start,
    end: finding.at.end,
    related: finding.related ?? [],
    fixes: finding.fixes ?? [],
    tags: finding.tags ?? [],
  });
}

/** Behind an assertion of CUDA nothing is worse than the assertion. */
const capped = (
  finding: NewFinding,
  fact: Fact,
  { meta: { code, severity } }: Rule,
  { pathInProject, importsUninstallable }: Facts,
): NewFinding =>
  fact.refused ||
  (/^MPS(?:1\d\d|70[^4])$/.test(code) &&
    (finding.severity ?? severity) !== 'info' &&
    (isBesideTests(fact, pathInProject) ||
      isForCudaByPath(pathInProject) ||
      importsUninstallable()))
    ? { ...finding, severity: 'info' }
    : finding;

/** Folders named after what only machines with CUDA have. */
const isForCudaByPath = (pathInProject: () => string): boolean =>
  /[\\/](?:cuda|tensorrt|triton|trt|aitemplate)(?:_\w+)?[\\/]/i.test(pathInProject());

/** Helpers of tests are for what the tests are for, which are skipped in ways that cannot be seen in them. */
const isBesideTests = ({ kind, reached }: Fact, pathInProject: () => string): boolean =>
  (!reached || kind === 'selector') && /[\\/](?:unit_?)?tests[\\/]/.test(pathInProject());

const offsetOf = (fact: Fact): number => fact.node.start;

const byPosition = (a: Finding, b: Finding): number =>
  a.start - b.start || a.end - b.end || (a.code < b.code ? -1 : 1);

import type { Rule } from '../rules/rule.ts';
import type { LintSettings } from './settings.ts';

export interface Selection {
  readonly rules: readonly Rule[];
  /** Entries of the settings that name no rule. */
  readonly unknown: readonly string[];
}

/** An entry is a code (`MPS201`), the beginning of codes (`MPS2`, `MLX`) or a name. */
const matches = (entry: string, { meta }: Rule): boolean =>
  entry === meta.name || (/^[A-Z]+\d*$/.test(entry) && meta.code.startsWith(entry));

/** The rules that the settings select, in the order of the registry. */
export function selectRules(rules: readonly Rule[], settings: LintSettings): Selection {
  const { select, ignore } = settings;
  const chosen = rules.filter(
    (rule) =>
      (select.length === 0 || select.some((entry) => matches(entry, rule))) &&
      !ignore.some((entry) => matches(entry, rule)),
  );
  const unknown = [...select, ...ignore].filter(
    (entry) => !rules.some((rule) => matches(entry, rule)),
  );
  return { rules: chosen, unknown: [...new Set(unknown)] };
}

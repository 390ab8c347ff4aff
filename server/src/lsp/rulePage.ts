import { rules } from '../engine/registry.gen.ts';
import { rulePages } from '../engine/rulePages.gen.ts';

/** The Markdown page of a rule by code or name; null for an unknown one. */
export function rulePage(codeOrName: string): string | null {
  const rule = rules.find(({ meta }) => meta.code === codeOrName || meta.name === codeOrName);
  return rule === undefined ? null : (rulePages[rule.meta.name] ?? null);
}

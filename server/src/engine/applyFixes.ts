import type { Applicability, Edit, Finding, Fix } from '../rules/finding.ts';

export interface FixResult {
  readonly text: string;
  /** Fixes applied, by code. */
  readonly applied: ReadonlyMap<string, number>;
}

/** A fix may uncover another finding; more rounds than this mean that two fixes undo each other. */
const maximumRounds = 10;

/**
 * Applies the first applicable fix of each finding until none is left.
 * @param find the findings of a text, sorted by position
 * @param allow 'safe' applies safe fixes only, 'unsafe' both
 */
export function applyFixes(
  text: string,
  find: (text: string) => readonly Finding[],
  allow: Applicability,
): FixResult {
  const applied = new Map<string, number>();
  let current = text;
  if (hasLoneReturns(text)) return { text, applied };
  for (let round = 0; round < maximumRounds; round++) {
    const chosen = chooseFixes(find(current), allow);
    if (chosen.edits.length === 0) break;
    current = applyEdits(current, chosen.edits);
    for (const code of chosen.codes) applied.set(code, (applied.get(code) ?? 0) + 1);
  }
  return { text: current, applied };
}

/** Fixes think in lines that end with "\n"; those of old Macs do not. */
export const hasLoneReturns = (text: string): boolean => /\r(?!\n)/.test(text);

const applicableFix = (finding: Finding, allow: Applicability): Fix | undefined =>
  finding.fixes.find(({ applicability }) => applicability === 'safe' || allow === 'unsafe');

/** The fixes that do not overlap, first come first served. Equal insertions are made once. */
export function chooseFixes(
  findings: readonly Finding[],
  allow: Applicability,
): { edits: readonly Edit[]; codes: readonly string[] } {
  const edits: Edit[] = [];
  const codes: string[] = [];
  for (const finding of findings) {
    const wanted = applicableFix(finding, allow)?.edits() ?? [];
    if (wanted.length === 0) continue;
    const fresh = wanted.filter((edit) => !edits.some((other) => isSame(edit, other)));
    if (fresh.some((edit) => edits.some((other) => overlaps(edit, other)))) continue;
    edits.push(...fresh);
    codes.push(finding.code);
  }
  return { edits, codes };
}

const isSame = (a: Edit, b: Edit): boolean =>
  a.start === b.start && a.end === b.end && a.text === b.text;

/** Two insertions at one place have no order, so they overlap. */
const overlaps = (a: Edit, b: Edit): boolean =>
  a.start === a.end && b.start === b.end ? a.start === b.start : a.start < b.end && b.start < a.end;

/** The text after edits, whose line breaks become those of the text. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, text: added } of [...edits].sort(byPlace)) {
    parts.push(text.slice(done, start), added.replaceAll(/\r?\n/g, newline));
    done = end;
  }
  return [...parts, text.slice(done)].join('');
}

/** What is put in at a place comes before what is changed from there on. */
const byPlace = (a: Edit, b: Edit): number => a.start - b.start || a.end - b.end;

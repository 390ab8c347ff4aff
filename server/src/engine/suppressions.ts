import type { Finding } from '../rules/finding.ts';
import { statementAt } from '../rules/statements.ts';
import type { SuppressedCode, Suppression } from '../rules/suppressions/suppression.ts';
import { suppressionsOf } from '../rules/suppressions/suppression.ts';
import { positionsOf } from '../syntax/positions.ts';
import type { Module, Span, Statement } from '../syntax/tree.ts';

export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly suppressions: readonly Suppression[];
  /** The suppressions, and their codes, that silenced something. */
  readonly used: ReadonlySet<Suppression | SuppressedCode>;
}

/**
 * Drops findings that a comment silences: on the finding's lines, or, for a statement of several
 * lines, on its first or last line.
 */
export function applySuppressions(module: Module, findings: readonly Finding[]): Suppressed {
  const suppressions = suppressionsOf(module);
  const used = new Set<Suppression | SuppressedCode>();
  if (suppressions.length === 0) return { findings, suppressions, used };
  const { positionAt } = positionsOf(module.text);
  const lineOf = (offset: number): number => positionAt(offset).line;
  const wholeFile = suppressions.filter(({ kind }) => kind === 'ignore-file');
  const byLine = new Map<number, Suppression[]>();
  for (const suppression of suppressions) {
    if (suppression.kind === 'ignore-file') continue;
    const line = lineOf(suppression.start);
    byLine.set(line, [...(byLine.get(line) ?? []), suppression]);
  }
  const kept = findings.filter((finding) => {
    const lines = new Set(suppressibleAt(module, finding).map(lineOf));
    const candidates = [...wholeFile, ...[...lines].flatMap((line) => byLine.get(line) ?? [])];
    let silenced = false;
    for (const suppression of candidates) {
      const hits = (suppression.codes ?? []).filter(({ code }) => finding.code.startsWith(code));
      if (suppression.codes !== null && hits.length === 0) continue;
      silenced = true;
      for (const hit of [suppression, ...hits]) used.add(hit);
    }
    return !silenced;
  });
  return { findings: kept, suppressions, used };
}

/** Offsets on whose lines a comment silences the finding, the best place for a new one first. */
export function suppressibleAt(module: Module, finding: Span): number[] {
  const statement = statementAt(module, { start: finding.start, end: finding.start + 1 });
  return [
    finding.end,
    ...(statement === null ? [] : [headEnd(statement)]),
    finding.start,
    ...(statement === null ? [] : [statement.start]),
  ];
}

/** The end of a simple statement; of a compound one its start, because its body has lines of its own. */
const headEnd = (statement: Statement): number =>
  'body' in statement || statement.kind === 'match' ? statement.start : statement.end;

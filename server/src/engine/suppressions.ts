import type { Finding } from '../rules/finding.ts';
import type { Comment, Module, Statement } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';

/** A comment that silences findings. */
export interface Suppression {
  readonly comment: Comment;
  /** Codes or beginnings of codes; null silences everything. */
  readonly codes: readonly string[] | null;
  readonly scope: 'line' | 'file';
}

const patterns: readonly (readonly [RegExp, Suppression['scope']])[] = [
  [/#\s*smelt:\s*ignore-file(?:\[([^\]]*)\])?/i, 'file'],
  [/#\s*smelt:\s*ignore(?!-)(?:\[([^\]]*)\])?/i, 'line'],
  [/#\s*noqa(?::\s*([A-Z]+\d+(?:[\s,]+[A-Z]+\d+)*))?(?![\w:])/i, 'line'],
];

export function suppressionsOf(module: Module): Suppression[] {
  return module.comments.flatMap((comment) => {
    for (const [pattern, scope] of patterns) {
      const match = pattern.exec(comment.text);
      if (match === null) continue;
      const codes = match[1]?.split(/[\s,]+/).filter((code) => code !== '') ?? null;
      return [{ comment, codes: codes?.map((code) => code.toUpperCase()) ?? null, scope }];
    }
    return [];
  });
}

export interface Suppressed {
  readonly findings: readonly Finding[];
  /** Suppressions that silenced nothing. */
  readonly unused: readonly Suppression[];
}

/**
 * Drops findings that a comment silences: on the finding's lines, or, for a statement of several
 * lines, on its first or last line.
 */
export function applySuppressions(module: Module, findings: readonly Finding[]): Suppressed {
  const suppressions = suppressionsOf(module);
  if (suppressions.length === 0) return { findings, unused: [] };
  const lineOf = lineCounter(module.text);
  const byLine = new Map<number, Suppression[]>();
  for (const suppression of suppressions) {
    const line = lineOf(suppression.comment.start);
    byLine.set(line, [...(byLine.get(line) ?? []), suppression]);
  }
  const used = new Set<Suppression>();
  const kept = findings.filter((finding) => {
    const lines = new Set([lineOf(finding.start), lineOf(finding.end)]);
    const statement = statementAt(module.body, finding.start);
    if (statement !== null) {
      lines.add(lineOf(statement.start));
      lines.add(lineOf(headEnd(statement)));
    }
    const candidates = [
      ...suppressions.filter(({ scope }) => scope === 'file'),
      ...[...lines]
        .flatMap((line) => byLine.get(line) ?? [])
        .filter(({ scope }) => scope === 'line'),
    ];
    const hits = candidates.filter(
      ({ codes }) => codes === null || codes.some((code) => finding.code.startsWith(code)),
    );
    for (const hit of hits) used.add(hit);
    return hits.length === 0;
  });
  return { findings: kept, unused: suppressions.filter((suppression) => !used.has(suppression)) };
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

/** The innermost statement around the offset. */
function statementAt(body: readonly Statement[], offset: number): Statement | null {
  for (const statement of body) {
    if (offset < statement.start || offset >= statement.end) continue;
    const inner = childrenOf(statement).filter(
      (child): child is Statement => 'kind' in child && isStatement(child.kind),
    );
    return statementAt(inner, offset) ?? statement;
  }
  return null;
}

const statementKinds = new Set<string>([
  ...[
    'expression',
    'assign',
    'augmentedAssign',
    'annotatedAssign',
    'return',
    'raise',
    'assert',
    'delete',
  ],
  ...[
    'global',
    'nonlocal',
    'pass',
    'break',
    'continue',
    'import',
    'importFrom',
    'if',
    'for',
    'while',
    'with',
  ],
  ...['try', 'match', 'function', 'class', 'magic', 'brokenStatement'],
]);

const isStatement = (kind: string): boolean => statementKinds.has(kind);

/** The end of a simple statement; of a compound one its start, because its body has lines of its own. */
const headEnd = (statement: Statement): number =>
  'body' in statement || statement.kind === 'match' ? statement.start : statement.end;

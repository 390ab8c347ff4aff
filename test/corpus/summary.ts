import type { CorpusFile } from './analyseTree.ts';

/**
 * What Smelt says of one package, as text that is checked in: how often each rule speaks, and every
 * place at warning or above.
 */
export function summarize(files: readonly CorpusFile[]): string[] {
  const counts = new Map<string, Map<string, number>>();
  const places: string[] = [];
  for (const { path, findings } of files) {
    for (const { code, severity, line } of findings) {
      const bySeverity = counts.get(code) ?? new Map<string, number>();
      counts.set(code, bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + 1));
      if (severity === 'error' || severity === 'warning') places.push(`${path}:${line} ${code}`);
    }
  }
  const rules = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...rules.map(([code, bySeverity]) => {
      const parts = [...bySeverity].sort().map(([severity, count]) => `${count} ${severity}`);
      return `${code}: ${parts.join(', ')}`;
    }),
    ...places,
  ];
}

/** Lines that are only in one of two summaries, marked as in a diff. */
export function difference(before: readonly string[], after: readonly string[]): string[] {
  const count = (lines: readonly string[], line: string): number =>
    lines.filter((other) => other === line).length;
  const all = [...new Set([...before, ...after])];
  return all.flatMap((line) => {
    const change = count(after, line) - count(before, line);
    return Array.from({ length: Math.abs(change) }, () => `${change < 0 ? '-' : '+'} ${line}`);
  });
}

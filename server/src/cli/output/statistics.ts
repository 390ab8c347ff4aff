import type { OutputFormatName } from '../../files/settingsTable.ts';
import type { Report } from './outputFormat.ts';
import { allFindings } from './outputFormat.ts';
import { paintCode } from './style.ts';
import { summary } from './summary.ts';

/** The number of findings of each rule, the most frequent first; as JSON with the format `json`. */
export function statistics(report: Report, format: OutputFormatName): string {
  const found = allFindings(report).map(({ finding }) => finding);
  const rows = [...new Map(found.map((finding) => [finding.code, finding])).values()]
    .map(({ code, rule, severity }) => {
      const group = found.filter((finding) => finding.code === code);
      const fixable = group.filter(({ fix }) => fix?.applicability === 'safe').length;
      return { code, name: rule, severity, count: group.length, fixable_count: fixable };
    })
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  const width = String(rows[0]?.count ?? 0).length;
  const lines = rows.map(
    ({ count, code, name, severity, fixable_count }) =>
      `${String(count).padStart(width)}  ${paintCode(report.color, severity, code)}  ${fixable_count > 0 ? '[*]' : '[ ]'}  ${name}\n`,
  );
  return lines.join('') + (report.quiet ? '' : summary(report));
}

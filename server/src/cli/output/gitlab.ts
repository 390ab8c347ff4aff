import type { Severity } from '../../rules/finding.ts';
import { sha256 } from '../sha256.ts';
import type { OutputFormat } from './outputFormat.ts';
import { allFindings, endOf, lineOf, messageWithCell, shownPath } from './outputFormat.ts';

const severities: Readonly<Record<Severity, string>> = {
  error: 'critical',
  warning: 'major',
  info: 'minor',
  hint: 'info',
};

/** GitLab's code quality report. */
export const gitlab: OutputFormat = (report) => {
  const seen = new Set<string>();
  const entries = allFindings(report).map(({ file, finding }) => {
    const path = shownPath(file.path).replaceAll('\\', '/');
    const [start, end] = [lineOf(finding), endOf(finding)];
    return {
      check_name: finding.code,
      description: `${finding.code}: ${messageWithCell(finding)}`,
      severity: severities[finding.severity],
      fingerprint: fingerprint([path, finding.code, finding.message, ...finding.lines], seen),
      location: {
        path,
        positions: {
          begin: { line: start.row, column: start.column },
          end: { line: end.row, column: end.column },
        },
      },
    };
  });
  return `${JSON.stringify(entries, null, 2)}\n`;
};

/** Without line numbers, so that a finding stays the same when lines above it change. */
function fingerprint(parts: readonly string[], seen: Set<string>): string {
  for (let salt = 0; ; salt++) {
    const text = [...parts, String(salt)].join('\0');
    const hash = sha256(text).slice(0, 16);
    if (seen.has(hash)) continue;
    seen.add(hash);
    return hash;
  }
}

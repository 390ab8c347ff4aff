import { relative } from 'node:path';
import type { OutputFormat } from './outputFormat.ts';
import { paintCode } from './style.ts';
import { summary } from './summary.ts';

/** One line for each finding: `path:row:column: CODE message`. */
export const concise: OutputFormat = (report) => {
  const lines = report.files.flatMap((file) =>
    file.findings.map((finding) => {
      const { cell, location } = file.locate(finding);
      const place = `${relative('.', file.path)}:${cell === null ? '' : `cell ${cell}:`}${location.row}:${location.column}`;
      return `${place}: ${paintCode(report.color, finding.severity, finding.code)} ${finding.message}\n`;
    }),
  );
  return lines.join('') + (report.quiet ? '' : summary(report));
};

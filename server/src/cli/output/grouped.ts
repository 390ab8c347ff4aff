import type { OutputFormat } from './outputFormat.ts';
import { positionText, shownPath } from './outputFormat.ts';
import { paint, paintCode } from './style.ts';
import { summary } from './summary.ts';

/** The findings of each file below its name. */
export const grouped: OutputFormat = (report) => {
  const blocks = report.files
    .filter(({ findings }) => findings.length > 0)
    .map(({ path, findings }) => {
      const width = Math.max(...findings.map((finding) => positionText(finding).length));
      const lines = findings.map(
        (finding) =>
          `  ${positionText(finding).padEnd(width)} ${paintCode(report.color, finding.severity, finding.code)} ${finding.message}\n`,
      );
      return `${paint(report.color, 'underline', shownPath(path))}:\n${lines.join('')}\n`;
    });
  return blocks.join('') + (report.quiet ? '' : summary(report));
};

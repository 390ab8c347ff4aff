import type { OutputFormat } from './outputFormat.ts';
import { allFindings, placeText } from './outputFormat.ts';
import { paintCode } from './style.ts';
import { summary } from './summary.ts';

/** One line for each finding: `path:row:column: CODE message`. */
export const concise: OutputFormat = (report) => {
  const lines = allFindings(report).map(
    ({ file, finding }) =>
      `${placeText(file.path, finding)}: ${paintCode(report.color, finding.severity, finding.code)} ${finding.message}\n`,
  );
  return lines.join('') + (report.quiet ? '' : summary(report));
};

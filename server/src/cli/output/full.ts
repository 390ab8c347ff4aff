import type { CheckedFile, CheckedFinding } from '../run/checkedFile.ts';
import type { OutputFormat } from './outputFormat.ts';
import { allFindings, placeText } from './outputFormat.ts';
import { paint, paintCode } from './style.ts';
import { summary } from './summary.ts';

/** The finding, its source with carets, and how to fix it. */
export const full: OutputFormat = (report) => {
  const blocks = allFindings(report).map(({ file, finding }) => block(file, finding, report.color));
  return blocks.join('') + (report.quiet ? '' : summary(report));
};

function block(file: CheckedFile, finding: CheckedFinding, color: boolean): string {
  const { location, end, lines } = finding;
  const width = String(location.row + lines.length - 1).length;
  const bar = paint(color, 'blue', '|');
  const gutter = ' '.repeat(width);
  const out = [
    `${paintCode(color, finding.severity, finding.code)} ${paint(color, 'bold', finding.message)}`,
    `${gutter}${paint(color, 'blue', '-->')} ${placeText(file.path, finding)}`,
    `${gutter} ${bar}`,
  ];
  lines.forEach((line, i) => {
    const number = paint(color, 'blue', String(location.row + i).padStart(width));
    out.push(`${number} ${bar} ${line.replaceAll('\t', ' ')}`);
    const from = i === 0 ? location.column - 1 : (/^\s*/.exec(line)?.[0].length ?? 0);
    const to =
      i === lines.length - 1 && i === end.row - location.row ? end.column - 1 : [...line].length;
    const carets = '^'.repeat(Math.max(1, to - from));
    out.push(`${gutter} ${bar} ${' '.repeat(from)}${paintCode(color, finding.severity, carets)}`);
  });
  out.push(`${gutter} ${bar}`);
  for (const { location: at, message } of finding.related) {
    out.push(`${gutter} ${paint(color, 'blue', '=')} line ${at.row}: ${message}`);
  }
  if (finding.fix !== null) {
    const unsafe =
      finding.fix.applicability === 'unsafe' ? ' (unsafe: may change what it computes)' : '';
    out.push(
      `${gutter} ${paint(color, 'blue', '=')} ${paint(color, 'bold', 'help:')} ${finding.fix.title}${unsafe}`,
    );
  }
  return `${out.join('\n')}\n\n`;
}

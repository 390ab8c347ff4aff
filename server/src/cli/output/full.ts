import { relative } from 'node:path';
import { applicableFix } from '../../engine/applyFixes.ts';
import type { Finding } from '../../rules/finding.ts';
import type { CheckedFile } from '../checkedFile.ts';
import type { OutputFormat } from './outputFormat.ts';
import { paint, paintCode } from './style.ts';
import { summary } from './summary.ts';

/** The finding, its source with carets, and how to fix it. */
export const full: OutputFormat = (report) => {
  const blocks = report.files.flatMap((file) =>
    file.findings.map((finding) => block(file, finding, report.color)),
  );
  return blocks.join('') + (report.quiet ? '' : summary(report));
};

function block(file: CheckedFile, finding: Finding, color: boolean): string {
  const { cell, location, end, lines } = file.locate(finding);
  const place = `${relative('.', file.path)}:${cell === null ? '' : `cell ${cell}:`}${location.row}:${location.column}`;
  const width = String(location.row + lines.length - 1).length;
  const bar = paint(color, 'blue', '|');
  const gutter = ' '.repeat(width);
  const out = [
    `${paintCode(color, finding.severity, finding.code)} ${paint(color, 'bold', finding.message)}`,
    `${gutter}${paint(color, 'blue', '-->')} ${place}`,
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
  for (const related of finding.related) {
    const other = file.locate(related);
    out.push(
      `${gutter} ${paint(color, 'blue', '=')} line ${other.location.row}: ${related.message}`,
    );
  }
  const fix = applicableFix(finding, 'unsafe');
  if (fix !== undefined) {
    const unsafe = fix.applicability === 'unsafe' ? ' (unsafe: may change what it computes)' : '';
    out.push(
      `${gutter} ${paint(color, 'blue', '=')} ${paint(color, 'bold', 'help:')} ${fix.title}${unsafe}`,
    );
  }
  return `${out.join('\n')}\n\n`;
}

import type { Severity } from '../../rules/finding.ts';
import { severities } from '../../rules/finding.ts';
import { isFixable } from '../run/checkedFile.ts';
import type { Report } from './outputFormat.ts';

export const plural = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

/** `Found 3 findings (1 error, 2 warnings). 2 fixable with --fix.` */
export function summary({ files, allow }: Report): string {
  const findings = files.flatMap((file) => file.findings);
  const fixed = files.flatMap((file) => Object.values(file.fixed)).reduce((a, b) => a + b, 0);
  const lines: string[] = [];
  if (fixed > 0) lines.push(`Fixed ${plural(fixed, 'finding')}.`);
  if (findings.length === 0) {
    lines.push(
      fixed > 0 ? 'Nothing is left.' : `Nothing found in ${plural(files.length, 'file')}.`,
    );
    return `${lines.join('\n')}\n`;
  }
  const counts = severities.flatMap((severity: Severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [severity === 'info' ? `${count} info` : plural(count, severity)];
  });
  const safe = findings.filter((finding) => isFixable(finding, 'safe')).length;
  const unsafe = findings.filter(({ fix }) => fix !== null).length - safe;
  const offers = [
    ...(safe > 0 ? [`${safe} fixable with --fix`] : []),
    ...(unsafe > 0 && allow === 'safe' ? [`${unsafe} more with --fix --unsafe-fixes`] : []),
  ];
  lines.push(
    `Found ${plural(findings.length, 'finding')} (${counts.join(', ')}).${offers.length > 0 ? ` ${offers.join(', ')}.` : ''}`,
  );
  return `${lines.join('\n')}\n`;
}

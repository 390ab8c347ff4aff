import { applicableFix } from '../../engine/applyFixes.ts';
import type { Severity } from '../../rules/finding.ts';
import { severities } from '../../rules/finding.ts';
import type { Report } from './outputFormat.ts';

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `Found 3 findings (1 error, 2 warnings). 2 fixable with --fix.` */
export function summary({ files, fixed, allow }: Report): string {
  const findings = files.flatMap((file) => file.findings);
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
  const safe = findings.filter((finding) => applicableFix(finding, 'safe') !== undefined).length;
  const unsafe = findings.filter((finding) => finding.fixes.length > 0).length - safe;
  const offers = [
    ...(safe > 0 ? [`${safe} fixable with --fix`] : []),
    ...(unsafe > 0 && allow === 'safe' ? [`${unsafe} more with --fix --unsafe-fixes`] : []),
  ];
  lines.push(
    `Found ${plural(findings.length, 'finding')} (${counts.join(', ')}).${offers.length > 0 ? ` ${offers.join(', ')}.` : ''}`,
  );
  return `${lines.join('\n')}\n`;
}

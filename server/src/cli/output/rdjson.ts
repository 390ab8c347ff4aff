import { ruleUrl } from '../../engine/ruleUrl.ts';
import type { Severity } from '../../rules/finding.ts';
import type { Place } from '../run/checkedFile.ts';
import type { OutputFormat } from './outputFormat.ts';
import { allFindings, endOf, lineOf, messageWithCell } from './outputFormat.ts';

const severities: Readonly<Record<Severity, string>> = {
  error: 'ERROR',
  warning: 'WARNING',
  info: 'INFO',
  hint: 'INFO',
};

/** Reviewdog's diagnostic format. */
export const rdjson: OutputFormat = (report) => {
  const diagnostics = allFindings(report).map(({ file, finding }) => ({
    message: messageWithCell(finding),
    location: { path: file.path, range: rangeOf(finding) },
    severity: severities[finding.severity],
    code: { value: finding.code, url: ruleUrl(finding.rule) },
    // A change of a cell is no change of a line of the notebook.
    ...(finding.fix === null || finding.cell !== null
      ? {}
      : {
          suggestions: finding.fix.edits.map((edit) => ({
            range: rangeOf(edit),
            text: edit.content,
          })),
        }),
  }));
  const source = { name: 'smelt', url: 'https://github.com/smelt-dev/smelt' };
  return `${JSON.stringify({ source, severity: 'WARNING', diagnostics }, null, 2)}\n`;
};

function rangeOf(place: Place): object {
  const [start, end] = [lineOf(place), endOf(place)];
  return {
    start: { line: start.row, column: start.column },
    end: { line: end.row, column: end.column },
  };
}

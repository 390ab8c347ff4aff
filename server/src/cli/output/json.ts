import { ruleUrl } from '../../engine/ruleUrl.ts';
import type { CheckedFile, CheckedFinding } from '../run/checkedFile.ts';
import type { OutputFormat } from './outputFormat.ts';
import { allFindings } from './outputFormat.ts';

/** ruff's JSON shape. Rows and columns count from 1, in a notebook within the cell. */
export const json: OutputFormat = (report) =>
  `${JSON.stringify(
    allFindings(report).map(({ file, finding }) => jsonEntry(file, finding)),
    null,
    2,
  )}\n`;

export const jsonEntry = (file: CheckedFile, finding: CheckedFinding): object => ({
  filename: file.path,
  cell: finding.cell,
  code: finding.code,
  name: finding.rule,
  severity: finding.severity,
  message: finding.message,
  location: finding.location,
  end_location: finding.end,
  fix:
    finding.fix === null
      ? null
      : {
          applicability: finding.fix.applicability,
          message: finding.fix.title,
          edits: finding.fix.edits.map(({ content, location, end }) => ({
            content,
            location,
            end_location: end,
          })),
        },
  noqa_row: finding.end.row,
  url: ruleUrl(finding.rule),
});

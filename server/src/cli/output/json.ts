import { ruleUrl } from '../../engine/ruleUrl.ts';
import type { Finding } from '../../rules/finding.ts';
import type { CheckedFile } from '../checkedFile.ts';
import type { OutputFormat } from './outputFormat.ts';

/** ruff's JSON shape, with `name` and `severity` added. Rows and columns count from 1. */
export const json: OutputFormat = ({ files }) =>
  `${JSON.stringify(
    files.flatMap((file) => file.findings.map((finding) => entry(file, finding))),
    null,
    2,
  )}\n`;

function entry(file: CheckedFile, finding: Finding): object {
  const { cell, location, end } = file.locate(finding);
  const [fix] = finding.fixes;
  return {
    filename: file.path,
    cell,
    code: finding.code,
    name: finding.rule,
    severity: finding.severity,
    message: finding.message,
    location,
    end_location: end,
    fix:
      fix === undefined
        ? null
        : {
            applicability: fix.applicability,
            message: fix.title,
            edits: fix.edits().map((edit) => {
              const at = file.locate(edit);
              return { content: edit.text, location: at.location, end_location: at.end };
            }),
          },
    noqa_row: end.row,
    url: ruleUrl(finding.rule),
  };
}

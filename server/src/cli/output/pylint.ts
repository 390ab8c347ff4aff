import type { OutputFormat } from './outputFormat.ts';
import { allFindings, lineOf, messageWithCell, shownPath } from './outputFormat.ts';

/** `path:line: [CODE] message`, as pylint's parseable format. */
export const pylint: OutputFormat = (report) =>
  allFindings(report)
    .map(
      ({ file, finding }) =>
        `${shownPath(file.path)}:${lineOf(finding).row}: [${finding.code}] ${messageWithCell(finding)}\n`,
    )
    .join('');

import { jsonEntry } from './json.ts';
import type { OutputFormat } from './outputFormat.ts';
import { allFindings } from './outputFormat.ts';

/** The objects of `json`, one on each line. */
export const jsonLines: OutputFormat = (report) =>
  allFindings(report)
    .map(({ file, finding }) => `${JSON.stringify(jsonEntry(file, finding))}\n`)
    .join('');

import { pathToFileURL } from 'node:url';
import { rules } from '../../engine/registry.gen.ts';
import { ruleUrl } from '../../engine/ruleUrl.ts';
import type { Severity } from '../../rules/finding.ts';
import type { CheckedFile, CheckedFinding, Place } from '../run/checkedFile.ts';
import { smeltVersion } from '../smeltVersion.ts';
import type { OutputFormat } from './outputFormat.ts';
import { allFindings, endOf, lineOf, messageWithCell } from './outputFormat.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

/** SARIF 2.1.0, for code scanning. */
export const sarif: OutputFormat = (report) => {
  const found = allFindings(report);
  const used = new Set(found.map(({ finding }) => finding.code));
  const listed = rules.filter(({ meta }) => used.has(meta.code));
  const driver = {
    name: 'smelt',
    informationUri: 'https://github.com/smelt-dev/smelt',
    version: smeltVersion(),
    rules: listed.map(({ meta }) => ({
      id: meta.code,
      name: meta.name,
      shortDescription: { text: meta.summary },
      helpUri: ruleUrl(meta.name),
      defaultConfiguration: { level: levels[meta.severity] },
    })),
  };
  const indexes = new Map(listed.map(({ meta }, i) => [meta.code, i]));
  const results = found.map(({ file, finding }) => ({
    ruleId: finding.code,
    ruleIndex: indexes.get(finding.code),
    level: levels[finding.severity],
    message: { text: messageWithCell(finding) },
    locations: [{ physicalLocation: physical(file, finding) }],
    ...(finding.related.length === 0
      ? {}
      : {
          relatedLocations: finding.related.map((related) => ({
            physicalLocation: physical(file, related),
            message: { text: related.message },
          })),
        }),
    ...fixes(file, finding),
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    // Columns are counted in code points.
    runs: [{ tool: { driver }, columnKind: 'unicodeCodePoints', results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

const artifact = (file: CheckedFile): object => ({ uri: pathToFileURL(file.path).href });

const physical = (file: CheckedFile, place: Place): object => ({
  artifactLocation: artifact(file),
  region: region(place),
});

function region(place: Place): object {
  const [start, end] = [lineOf(place), endOf(place)];
  return {
    startLine: start.row,
    startColumn: start.column,
    endLine: end.row,
    endColumn: end.column,
  };
}

/** A change of a cell is no change of a line of the notebook. */
function fixes(file: CheckedFile, { fix, cell }: CheckedFinding): object {
  if (fix === null || fix.edits.length === 0 || cell !== null) return {};
  const replacements = fix.edits.map((edit) => ({
    deletedRegion: region(edit),
    insertedContent: { text: edit.content },
  }));
  const artifactChanges = [{ artifactLocation: artifact(file), replacements }];
  return { fixes: [{ description: { text: fix.title }, artifactChanges }] };
}

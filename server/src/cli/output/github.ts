import type { Severity } from '../../rules/finding.ts';
import type { OutputFormat } from './outputFormat.ts';
import { allFindings, endOf, lineOf, placeText } from './outputFormat.ts';

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

/** Workflow commands, which GitHub shows on the changed lines. */
export const github: OutputFormat = (report) =>
  allFindings(report)
    .map(({ file, finding }) => {
      const [start, end] = [lineOf(finding), endOf(finding)];
      const properties = {
        title: `smelt (${finding.code})`,
        file: file.path,
        line: start.row,
        col: start.column,
        endLine: end.row,
        endColumn: end.column,
      };
      const list = Object.entries(properties)
        .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
        .join(',');
      const help = finding.fix === null ? '' : `\n  help: ${finding.fix.title}`;
      const text = `${placeText(file.path, finding)}: ${finding.code} ${finding.message}${help}`;
      return `::${commands[finding.severity]} ${list}::${escapeData(text)}\n`;
    })
    .join('');

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

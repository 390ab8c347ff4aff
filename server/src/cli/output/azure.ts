import type { OutputFormat } from './outputFormat.ts';
import { allFindings, lineOf, messageWithCell } from './outputFormat.ts';

/** Logging commands of Azure Pipelines, which knows errors and warnings. */
export const azure: OutputFormat = (report) =>
  allFindings(report)
    .map(({ file, finding }) => {
      const { row, column } = lineOf(finding);
      const type = finding.severity === 'error' ? 'error' : 'warning';
      const properties = `type=${type};sourcepath=${escaped(file.path)};linenumber=${row};columnnumber=${column};code=${finding.code};`;
      return `##vso[task.logissue ${properties}]${messageWithCell(finding).replaceAll(/\r?\n/g, ' ')}\n`;
    })
    .join('');

const escaped = (text: string): string =>
  text.replaceAll('%', '%AZP25').replaceAll(';', '%3B').replaceAll(']', '%5D');

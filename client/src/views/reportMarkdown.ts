import { stripVTControlCharacters } from 'node:util';
import type { CellState } from '../kernel/cellState.ts';
import { printedText } from '../kernel/cellState.ts';
import type { Report } from '../kernel/messages.gen.ts';
import { reportRows, reportSentences } from './reportRows.ts';

const longestValue = 4_000;
const longestOutput = 2_000;

/** How the places that a report names are written. */
export interface Places {
  /** A line (0-based) of a file. */
  readonly line: (line: number, filename: string) => string;
  /** A variable. */
  readonly variable: (name: string) => string;
}

const plain: Places = { line: (line) => `line ${line + 1}`, variable: (name) => escaped(name) };

/** Everything about a cell's last run: the hover of its line, and what "Copy as Markdown" copies. */
export function reportMarkdown(state: CellState, places: Places = plain): string {
  const parts: string[] = [];
  if (state.cause !== null) parts.push(escaped(state.cause));
  if (state.error !== null)
    parts.push(
      ...(state.error.explanation === null ? [] : [escaped(state.error.explanation)]),
      block(stripVTControlCharacters(state.error.traceback), longestValue),
    );
  if (state.report !== null && state.report.wall > 0)
    parts.push(
      ...reportSentences(state.report, { text: escaped, line: places.line }),
      table(state.report, places),
    );
  const value = state.result?.data['text/plain'];
  if (typeof value === 'string') parts.push(block(value, longestValue));
  const printed = stripVTControlCharacters(printedText(state)).trimEnd();
  if (printed !== '') parts.push('Output', block(lastOf(printed), longestOutput));
  return parts.join('\n\n');
}

function table(report: Report, { variable }: Places): string {
  return [
    '| | |',
    '| --- | --- |',
    ...reportRows(report).map(
      ([name, text, variables = []]) =>
        `| ${name} | ${cell(text)}${variables.map(variable).join(', ')} |`,
    ),
  ].join('\n');
}

/** A fence longer than any in the text. */
function block(text: string, longest: number): string {
  const shown = text.length <= longest ? text : `${text.slice(0, longest)}…`;
  const ticks = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length)) + 1;
  const fence = '`'.repeat(ticks);
  return `${fence}text\n${shown.trimEnd()}\n${fence}`;
}

const lastOf = (text: string): string =>
  text.length <= longestOutput ? text : `…${text.slice(1 - longestOutput)}`;

export const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&');

const cell = (text: string): string => escaped(text).replaceAll('\n', ' ');

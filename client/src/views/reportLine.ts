import { stripVTControlCharacters } from 'node:util';
import type { CellState } from '../kernel/cellState.ts';
import { printedText } from '../kernel/cellState.ts';
import type { Report } from '../kernel/messages.gen.ts';
import { formatBytes, formatTime } from './format.ts';

/** What the line is about, which decides its colour. */
export type Tone = 'normal' | 'warning' | 'error' | 'muted';

export interface ReportLine {
  readonly text: string;
  readonly tone: Tone;
}

const longestResult = 80;
const longestMessage = 120;
/** Changes below this are the allocator's, not the cell's. */
const notableMemory = 1e6;

/** The line after a cell, or null when there is nothing to say. `seconds`: how long it runs already. */
export function reportLine(state: CellState, seconds: number): ReportLine | null {
  switch (state.phase) {
    case 'queued':
      return {
        text: state.ahead === 0 ? 'starting Python' : `queued ${state.ahead}`,
        tone: 'muted',
      };
    case 'running':
      return {
        text: joined([
          state.input === null ? `running ${seconds} s` : 'waiting for input',
          lastLine(state),
        ]),
        tone: 'muted',
      };
    case 'cancelled':
      return null;
    case 'lost':
      return {
        text: `✗ ${cut(state.cause ?? 'The kernel is gone.', longestMessage)}`,
        tone: 'error',
      };
    case 'interrupted':
      return { text: joined(['✗ interrupted', state.report && time(state.report)]), tone: 'error' };
    case 'error':
      return { text: `✗ ${errorText(state)}`, tone: 'error' };
    case 'ok':
      return state.report === null ? null : success(state, state.report);
  }
}

function success(state: CellState, report: Report): ReportLine {
  const trouble = report.fallbacks.length > 0 || cautions(report).length > 0;
  return {
    text: joined([
      `${trouble ? '⚠' : '✓'} ${report.device ?? 'Python'}`,
      time(report),
      ...cautions(report),
      ...notes(report),
      state.result === null ? lastLine(state) : cut(state.result.summary, longestResult),
    ]),
    tone: trouble ? 'warning' : 'normal',
  };
}

const time = (report: Report): string => formatTime(report.wall);

/** What limits the number or the speed: it comes before the rest. */
function cautions(report: Report): string[] {
  const operators = new Set(report.fallbacks.map(({ operator }) => operator)).size;
  const found = operators === 0 ? [] : [`${operators} ${operators === 1 ? 'op' : 'ops'} on CPU`];
  if (report.caveats.some(({ kind }) => kind === 'rosetta')) found.push('Rosetta: no Metal');
  if (report.caveats.some(({ kind }) => kind === 'unsynchronized'))
    found.push('time is not synchronised');
  return found;
}

function notes(report: Report): string[] {
  const grown = report.memory.reduce((sum, { before, after }) => sum + after - before, 0);
  return [
    ...(Math.abs(grown) >= notableMemory ? [`${grown > 0 ? '+' : ''}${formatBytes(grown)}`] : []),
    ...(report.unevaluated > 0 ? [lazyNote(report.unevaluated)] : []),
    ...(report.caveats.some(({ kind }) => kind === 'first-run') ? ['first run'] : []),
  ];
}

const lazyNote = (count: number): string =>
  count === 1 ? '1 lazy array computed' : `${count} lazy arrays computed`;

function errorText(state: CellState): string {
  const { error } = state;
  if (error === null) return 'failed';
  const frame = error.frames.at(-1);
  const own = error.frames.findLast(({ filename }) => filename === error.frames[0]?.filename);
  const line = own ?? frame;
  const message = error.evalue.split('\n', 1)[0] ?? '';
  const text = message === '' ? error.ename : `${error.ename}: ${message}`;
  return cut(line === undefined ? text : `line ${line.line + 1} ${text}`, longestMessage);
}

function lastLine(state: CellState): string | null {
  const printed = printedText(state).trimEnd();
  const last = printed.slice(printed.lastIndexOf('\n') + 1);
  const shown = stripVTControlCharacters(last).trim();
  return shown === '' ? null : cut(shown, longestResult);
}

const joined = (parts: readonly (string | null | false)[]): string =>
  parts.filter((part) => part !== null && part !== false && part !== '').join(' · ');

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

import { stripVTControlCharacters } from 'node:util';
import type { CellState } from '../kernel/cellState.ts';
import { printedText } from '../kernel/cellState.ts';
import type { Report } from '../kernel/messages.gen.ts';
import type { ChipPeak } from './chipPeak.ts';
import { formatTime } from './format.ts';
import { joined, rateText, reportParts, troubles } from './reportParts.ts';
import { changeOf } from './runHistory.ts';

/** What the line is about, which decides its colour. */
export type Tone = 'normal' | 'warning' | 'error';

export interface ReportLine {
  readonly text: string;
  readonly tone: Tone;
}

/** One step a second: the line moves while it measures. */
const spinner = ['◐', '◓', '◑', '◒'] as const;
const longestResult = 80;
const longestMessage = 120;

/** What a line may name, in the order in which it does unless the user has another one. */
export const inlineParts = [
  'device',
  'time',
  'trouble',
  'rate',
  'change',
  'memory',
  'lazy',
  'first run',
  'result',
] as const;
export type InlinePart = (typeof inlineParts)[number];

export interface LineOptions {
  /** How long the cell runs already, in seconds. */
  readonly seconds: number;
  readonly parts: readonly InlinePart[];
  /** Times of earlier runs of the same text, in ns, the latest last. */
  readonly earlier: readonly number[];
  /** What this machine's GPU can do; null: not known. */
  readonly peak: ChipPeak | null;
}

export const defaultLineOptions: LineOptions = {
  seconds: 0,
  parts: inlineParts,
  earlier: [],
  peak: null,
};

/** The line after a cell, or null when there is nothing to say. */
export function reportLine(
  state: CellState,
  options: LineOptions = defaultLineOptions,
): ReportLine | null {
  switch (state.phase) {
    case 'queued':
      return {
        text: state.ahead === 0 ? 'starting Python' : `queued ${state.ahead}`,
        tone: 'normal',
      };
    case 'running':
      return {
        text: joined([
          state.input === null
            ? `${spinner[options.seconds % spinner.length]} running ${options.seconds} s`
            : 'waiting for input',
          lastLine(state),
        ]),
        tone: 'normal',
      };
    case 'cancelled':
      return null;
    case 'lost':
      return {
        text: `✗ ${cut(state.cause ?? 'The kernel is gone.', longestMessage)}`,
        tone: 'error',
      };
    case 'interrupted':
      return {
        text: joined(['✗ interrupted', state.report && formatTime(state.report.wall)]),
        tone: 'error',
      };
    case 'error':
      return { text: `✗ ${errorText(state)}`, tone: 'error' };
    case 'ok':
      return state.report === null ? null : success(state, state.report, options);
  }
}

/** Parts that depend on more than the report. */
const ownTexts: Readonly<
  Record<
    'time' | 'rate' | 'change' | 'result',
    (report: Report, state: CellState, options: LineOptions) => string | null
  >
> = {
  time: (report, { profile }) => formatTime(report.wall - (profile?.own ?? 0)),
  rate: (report, _state, { peak }) => rateText(report, peak),
  change: (report, _state, { earlier }) => changeOf(report.wall, earlier),
  result: (_report, state) =>
    state.result === null ? lastLine(state) : cut(state.result.summary, longestResult),
};

function partText(
  part: InlinePart,
  report: Report,
  state: CellState,
  options: LineOptions,
): string | null {
  return part in ownTexts
    ? ownTexts[part as keyof typeof ownTexts](report, state, options)
    : reportParts[part as keyof typeof reportParts](report);
}

function success(state: CellState, report: Report, options: LineOptions): ReportLine {
  const trouble = troubles(report).length > 0;
  const parts = options.parts.map((part) => partText(part, report, state, options));
  return {
    text: `${trouble ? '⚠' : '✓'} ${joined(parts)}`.trimEnd(),
    tone: trouble ? 'warning' : 'normal',
  };
}

function errorText(state: CellState): string {
  const { error } = state;
  if (error === null) return 'failed';
  const frame = error.frames.at(-1);
  const own = error.frames.findLast(({ filename }) => filename === error.frames[0]?.filename);
  const line = own ?? frame;
  const message = error.evalue.trimStart().split('\n', 1)[0] ?? '';
  const text = message === '' ? error.ename : `${error.ename}: ${message}`;
  return cut(line === undefined ? text : `line ${line.line + 1} ${text}`, longestMessage);
}

/** What Python warns of; behind it stands the line of code that was warned of. */
const warningAtEnd = /:\d+: (\w*Warning: .*)\n {2}.*$/;

function lastLine(state: CellState): string | null {
  const printed = printedText(state).trimEnd();
  const last = warningAtEnd.exec(printed)?.[1] ?? printed.slice(printed.lastIndexOf('\n') + 1);
  const shown = stripVTControlCharacters(last).trim();
  return shown === '' ? null : cut(shown, longestResult);
}

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

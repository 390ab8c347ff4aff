import { stripVTControlCharacters } from 'node:util';
import type { CellState } from '../kernel/cellState.ts';
import { printedText } from '../kernel/cellState.ts';
import type { Report } from '../kernel/messages.gen.ts';
import { formatBytes, formatRate, formatTime } from './format.ts';
import { changeOf } from './runHistory.ts';

/** What the line is about, which decides its colour. */
export type Tone = 'normal' | 'warning' | 'error' | 'muted';

export interface ReportLine {
  readonly text: string;
  readonly tone: Tone;
}

const longestResult = 80;
const longestMessage = 120;
/** Names that a line tells; the hover has all of them. */
const shownNames = 3;
/** Changes below this are the allocator's, not the cell's. */
const notableMemory = 1e6;

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
}

export const defaultLineOptions: LineOptions = { seconds: 0, parts: inlineParts, earlier: [] };

/** The line after a cell, or null when there is nothing to say. */
export function reportLine(
  state: CellState,
  options: LineOptions = defaultLineOptions,
): ReportLine | null {
  switch (state.phase) {
    case 'queued':
      return {
        text: state.ahead === 0 ? 'starting Python' : `queued ${state.ahead}`,
        tone: 'muted',
      };
    case 'running':
      return {
        text: joined([
          state.input === null ? `running ${options.seconds} s` : 'waiting for input',
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
      return state.report === null ? null : success(state, state.report, options);
  }
}

type PartText = (report: Report, state: CellState, options: LineOptions) => string | null;

const texts: Readonly<Record<InlinePart, PartText>> = {
  device: (report) => report.device ?? 'Python',
  time: (report, { profile }) => formatTime(report.wall - (profile?.own ?? 0)),
  trouble: (report) => joined(troubles(report)),
  rate: ({ flops, wall }) => (flops === null || wall === 0 ? null : formatRate(flops / wall)),
  change: (report, _state, { earlier }) => changeOf(report.wall, earlier),
  memory: ({ memory }) => {
    const grown = memory.reduce((sum, { before, after }) => sum + after - before, 0);
    if (Math.abs(grown) < notableMemory) return null;
    return `${grown > 0 ? '+' : ''}${formatBytes(grown)}`;
  },
  lazy: (report) => lazyNote(report),
  'first run': ({ caveats }) =>
    caveats.some(({ kind }) => kind === 'first-run') ? 'first run' : null,
  result: (_report, state) =>
    state.result === null ? lastLine(state) : cut(state.result.summary, longestResult),
};

function success(state: CellState, report: Report, options: LineOptions): ReportLine {
  const trouble = troubles(report).length > 0;
  const parts = options.parts.map((part) => texts[part](report, state, options));
  return {
    text: `${trouble ? '⚠' : '✓'} ${joined(parts)}`.trimEnd(),
    tone: trouble ? 'warning' : 'normal',
  };
}

const time = (report: Report): string => formatTime(report.wall);

/** What limits the number or the speed: it comes before the rest. */
function troubles(report: Report): string[] {
  const operators = new Set(report.fallbacks.map(({ operator }) => operator)).size;
  return [
    ...idleGpu(report),
    ...(operators === 0 ? [] : [`${operators} ${operators === 1 ? 'op' : 'ops'} on CPU`]),
    ...report.caveats.flatMap(({ kind }) => troubleOf[kind] ?? []),
  ];
}

const troubleOf: Partial<Record<Report['caveats'][number]['kind'], string>> = {
  rosetta: 'Rosetta: no Metal',
  unsynchronized: 'time is not synchronised',
  thermal: 'slowed by heat',
  contention: 'GPU shared',
};

/** The GPU was there and the cell computed without it: by what stayed behind. */
function idleGpu({ device, accelerator, gpu, left_on_cpu: names }: Report): string[] {
  if (accelerator === null || device !== 'cpu' || names.length === 0) return [];
  const shown = names.slice(0, shownNames).join(', ');
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
  const verb = names.length === 1 ? 'is' : 'are';
  // Without a reading of the GPU, only where the tensors are is known.
  return [`${gpu === 0 ? 'GPU idle: ' : ''}${shown}${more} ${verb} on cpu`];
}

/** Arrays that the cell left lazy: computed for its time, or still to be computed. */
function lazyNote({ unevaluated, evaluated }: Report): string | null {
  if (unevaluated === 0) return null;
  const arrays = unevaluated === 1 ? '1 lazy array' : `${unevaluated} lazy arrays`;
  return evaluated > 0 ? `${arrays} computed` : `${arrays} not in the time`;
}

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

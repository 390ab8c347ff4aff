import type { Death } from './death.ts';
import type {
  Attached,
  Error as CellError,
  Completions,
  Display,
  Event,
  Examined,
  InputRequest,
  Inspection,
  Profile,
  Report,
  Result,
  Variables,
} from './messages.gen.ts';
import type { Output, StreamName } from './outputMerge.ts';

/** What the kernel says to a question: it belongs to no cell. */
export type Answer = Completions | Inspection | Variables | Examined | Attached;

/** What happens to one cell, in order. */
export type CellEvent =
  | Exclude<Event, Answer | { readonly type: 'ready' | 'log' }>
  | Output
  | { readonly type: 'queued'; readonly ahead: number }
  | { readonly type: 'cancelled' }
  /** What it asked for was given, and it goes on. */
  | { readonly type: 'answered' }
  | ({ readonly type: 'lost' } & (Death | { readonly cause: string }));

export type CellPhase =
  | 'queued'
  | 'running'
  | 'ok'
  | 'error'
  | 'interrupted'
  | 'cancelled'
  | 'lost';

export interface TextOutput {
  readonly kind: 'text';
  readonly stream: StreamName;
  readonly text: string;
}

export interface RichOutput {
  readonly kind: 'rich';
  readonly data: Display['data'];
  readonly displayId: string | null;
}

export interface CellState {
  readonly phase: CellPhase;
  /** Cells that run before this one, while it is queued. */
  readonly ahead: number;
  readonly executionCount: number | null;
  readonly outputs: readonly (TextOutput | RichOutput)[];
  readonly result: Result | null;
  readonly error: CellError | null;
  readonly report: Report | null;
  /** Line by line, when the cell was run to be profiled. */
  readonly profile: Profile | null;
  readonly input: InputRequest | null;
  /** Why the kernel went away in the middle of the cell. */
  readonly cause: string | null;
  /** Where it was then, when native code ended it. */
  readonly death: Death | null;
  /** clear_output(wait=True): the next output replaces the earlier ones. */
  readonly clearing: boolean;
}

export const newCellState: CellState = {
  phase: 'queued',
  ahead: 0,
  executionCount: null,
  outputs: [],
  result: null,
  error: null,
  report: null,
  profile: null,
  input: null,
  cause: null,
  death: null,
  clearing: false,
};

/** Characters of one run of text that are kept; the rest is in the log of the cell's output. */
export const longestText = 200_000;

/** The state of a cell after one more event. Pure: the same events give the same state. */
export function reduceCell(state: CellState, event: CellEvent): CellState {
  switch (event.type) {
    case 'queued':
      return { ...state, phase: 'queued', ahead: event.ahead };
    case 'started':
      return { ...state, phase: 'running', ahead: 0, executionCount: event.execution_count };
    case 'output':
      return withText(cleared(state), event);
    case 'display':
      return event.update ? updated(state, event) : withRich(cleared(state), event);
    case 'clear_output':
      return event.wait ? { ...state, clearing: true } : { ...state, outputs: [], clearing: false };
    case 'result':
      return { ...cleared(state), result: event };
    case 'error':
      return { ...state, error: event };
    case 'input_request':
      return { ...state, input: event };
    case 'answered':
      return { ...state, input: null };
    case 'profile':
      return { ...state, profile: event };
    case 'report':
      return { ...state, report: event };
    case 'done':
      return { ...state, phase: event.status, input: null };
    case 'cancelled':
      return { ...state, phase: 'cancelled', ahead: 0 };
    case 'lost':
      return {
        ...state,
        phase: 'lost',
        cause: event.cause,
        death: 'frames' in event ? event : null,
        input: null,
      };
  }
}

const cleared = (state: CellState): CellState =>
  state.clearing ? { ...state, outputs: [], clearing: false } : state;

function withText(state: CellState, { stream, text }: Output): CellState {
  const last = state.outputs.at(-1);
  if (last?.kind !== 'text' || last.stream !== stream) {
    return {
      ...state,
      outputs: [...state.outputs, { kind: 'text', stream, text: appended('', text) }],
    };
  }
  const joined = { ...last, text: appended(last.text, text) };
  return { ...state, outputs: [...state.outputs.slice(0, -1), joined] };
}

/** Keeps the end: that is where a long run tells how it went. */
function appended(before: string, text: string): string {
  const open = before.lastIndexOf('\n') + 1;
  const joined = before.slice(0, open) + overwritten(before.slice(open) + text);
  return joined.length <= longestText ? joined : joined.slice(joined.length - longestText);
}

/** What a terminal shows after carriage returns: a progress bar writes its line again and again. */
export function overwritten(text: string): string {
  if (!text.includes('\r')) return text;
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => {
      // The cursor stands at the start of the line: what comes next decides what is overwritten.
      const waits = line.endsWith('\r');
      const parts = (waits ? line.slice(0, -1) : line).split('\r');
      // Escape codes have no width: a line that has some is taken as a whole.
      const shown = parts.reduce((under, over) =>
        over === '' || !under.includes('\x1b') ? over + under.slice(over.length) : over,
      );
      return waits ? `${shown}\r` : shown;
    })
    .join('\n');
}

const withRich = (state: CellState, event: Display): CellState => ({
  ...state,
  outputs: [...state.outputs, { kind: 'rich', data: event.data, displayId: event.display_id }],
});

const updated = (state: CellState, event: Display): CellState => ({
  ...state,
  outputs: state.outputs.map((output) =>
    output.kind === 'rich' && output.displayId !== null && output.displayId === event.display_id
      ? { ...output, data: event.data }
      : output,
  ),
});

export const isFinished = ({ phase }: CellState): boolean =>
  phase !== 'queued' && phase !== 'running';

/** Everything that the cell printed. */
export const printedText = ({ outputs }: CellState): string =>
  outputs.map((output) => (output.kind === 'text' ? output.text : '')).join('');

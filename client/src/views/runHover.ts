import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CellRun } from '../cells/cellRuns.ts';
import type { CellState } from '../kernel/cellState.ts';
import type { Places } from './reportMarkdown.ts';
import { escaped, reportMarkdown } from './reportMarkdown.ts';
import { hasErrorInLastLine } from './runDiagnostics.ts';
import { historyText, longestHistory } from './runHistory.ts';

/** A link of the hover. `title` says what it does before it is pressed. */
interface Link {
  readonly text: string;
  readonly title: string;
  readonly command: string;
  readonly args: (run: CellRun) => readonly unknown[];
}

const place = ({ uri, first }: CellRun): readonly unknown[] => [uri, first];
const id = (run: CellRun): readonly unknown[] => [run.id];
const nothing = (): readonly unknown[] => [];

const link = (
  text: string,
  title: string,
  command: string,
  args: Link['args'] = nothing,
): Link => ({ text, title, command, args });

const queued: readonly Link[] = [
  link('Cancel', 'Take this cell out of the queue', 'smelt.cancelCell', id),
  link('Show queue', 'All cells that run or wait', 'smelt.showQueue'),
];
const running: readonly Link[] = [
  link('Show output', 'All that the cell prints', 'smelt.showOutput'),
  link('Show queue', 'All cells that run or wait', 'smelt.showQueue'),
];
const measured: readonly Link[] = [
  link('Profile', 'Run the cell again and time each line', 'smelt.profileCell', place),
  link(
    'Compare devices',
    'Run the file down to this cell in two new kernels, one without the GPU',
    'smelt.compareDevices',
    place,
  ),
  link(
    'Benchmark properly',
    'Run the cell again and again, for the median and its spread',
    'smelt.benchmarkCell',
    place,
  ),
];
const all: readonly Link[] = [
  link('Copy as Markdown', 'All of this report', 'smelt.copyReport', place),
  link('Show output', 'All that the cell printed', 'smelt.showOutput'),
];
const linksOf = ({ phase }: CellState): readonly Link[] => {
  if (phase === 'queued') return queued;
  if (phase === 'running') return running;
  // What failed has nothing to measure.
  return phase === 'ok' ? [...measured, ...all] : all;
};
const commands = [...queued, ...running, ...measured, ...all].map(({ command }) => command);

/** All that is known of the last run of a cell. The line comes first: a screen reader reads it here. */
export function hoverOf(run: CellRun, line: string): vscode.MarkdownString {
  const links = linksOf(run.state);
  const { report } = run.state;
  const times = [...run.earlier, ...(report === null ? [] : [report.wall])];
  const history = historyText(times.slice(-longestHistory));
  const parts = [
    escaped(line),
    links.map((each) => linkText(each, run)).join(' · '),
    ...(history === null ? [] : [history]),
    reportMarkdown(
      hasErrorInLastLine(run) ? withoutExplanation(run.state) : run.state,
      placesOf(run),
    ),
  ];
  const hover = new vscode.MarkdownString(parts.join('\n\n'));
  hover.isTrusted = { enabledCommands: commands };
  return hover;
}

/** The diagnostic has it, and its hover stands above this one. */
const withoutExplanation = (state: CellState): CellState => ({
  ...state,
  error: state.error && { ...state.error, explanation: null },
});

function linkText({ text, title, command, args }: Link, run: CellRun): string {
  const values = args(run);
  const query = values.length === 0 ? '' : `?${encodeURIComponent(JSON.stringify(values))}`;
  return `[${text}](command:${command}${query} "${title}")`;
}

/** Lines of the cell's file, and variables that the cell assigns, as links to where they are now. */
function placesOf({ uri, filename: own, first, ranAt, text }: CellRun): Places {
  const file = vscode.Uri.parse(uri);
  const to = (shown: string, line: number): string =>
    `[${shown}](${file.with({ fragment: `L${line + 1}` })})`;
  const lines = text.split('\n');
  return {
    line: (line, filename) =>
      filename === own
        ? to(`line ${line + first - ranAt + 1}`, line + first - ranAt)
        : `line ${line + 1} of ${escaped(basename(filename))}`,
    variable: (name) => {
      const at = lines.findLastIndex((line) => assigns(line, name));
      return at < 0 ? escaped(name) : to(escaped(name), first + at);
    },
  };
}

/** `a = …`, `a, b = …`, `a: Tensor = …` and `for a in …`. */
const assigns = (line: string, name: string): boolean =>
  /^\w+$/.test(name) &&
  new RegExp(`^\\s*(?:for )?[\\w ,*()]*\\b${name}\\b[\\w ,*()]*(?::[^=]*)?(?:=(?!=)| in )`).test(
    line,
  );

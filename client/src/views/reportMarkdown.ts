import { stripVTControlCharacters } from 'node:util';
import type { CellState } from '../kernel/cellState.ts';
import { printedText } from '../kernel/cellState.ts';
import type { Report } from '../kernel/messages.gen.ts';
import { formatBytes, formatRate, formatTime } from './format.ts';

const longestValue = 4_000;
const longestOutput = 2_000;

/** Everything about a cell's last run: the hover of its line, and what "Copy as Markdown" copies. */
export function reportMarkdown(state: CellState): string {
  const parts: string[] = [];
  if (state.cause !== null) parts.push(escaped(state.cause));
  if (state.error !== null)
    parts.push(
      ...(state.error.explanation === null ? [] : [escaped(state.error.explanation)]),
      block(stripVTControlCharacters(state.error.traceback), longestValue),
    );
  const value = state.result?.data['text/plain'];
  if (typeof value === 'string') parts.push(block(value, longestValue));
  const printed = stripVTControlCharacters(printedText(state)).trimEnd();
  if (printed !== '') parts.push('Output', block(lastOf(printed), longestOutput));
  if (state.report !== null && state.report.wall > 0)
    parts.push(table(state.report), ...sentences(state.report));
  return parts.join('\n\n');
}

function table(report: Report): string {
  const rows: [string, string][] = [
    ['Device', report.device ?? 'neither torch nor MLX was used'],
    ['Time, devices idle before and after', formatTime(report.wall)],
    ['Until the code returned', formatTime(report.returned)],
  ];
  if (report.evaluated > 0) rows.push(['Evaluating lazy MLX arrays', formatTime(report.evaluated)]);
  rows.push(['CPU time', formatTime(report.cpu)]);
  if (report.gpu !== null) rows.push(['GPU time', formatTime(report.gpu)]);
  if (report.flops !== null && report.wall > 0) {
    rows.push(['Rate', `${formatRate(report.flops / report.wall)}, ${report.flops} operations`]);
  }
  for (const { framework, device, before, after, peak } of report.memory) {
    const top = peak === null ? '' : `, peak ${formatBytes(peak)}`;
    rows.push([
      `Memory of ${framework} on ${device}`,
      `${formatBytes(before)} → ${formatBytes(after)}${top}`,
    ]);
  }
  if (report.host !== null) {
    const { before, after, peak } = report.host;
    const top = peak === null ? '' : `, peak ${formatBytes(peak)}`;
    rows.push(['Memory of the process', `${formatBytes(before)} → ${formatBytes(after)}${top}`]);
  }
  for (const { framework, device, count, bytes, names } of report.uses) {
    const plural = count === 1 ? '' : 's';
    const what = framework === 'torch' ? `tensor${plural}` : `array${plural}`;
    rows.push([
      `${framework} on ${device}`,
      `${count} ${what}, ${formatBytes(bytes)}: ${names.join(', ')}`,
    ]);
  }
  if (report.left_on_cpu.length > 0)
    rows.push([
      `On the CPU, although there is ${report.accelerator}`,
      report.left_on_cpu.join(', '),
    ]);
  return [
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, text]) => `| ${name} | ${cell(text)} |`),
  ].join('\n');
}

const sentences = (report: Report): string[] => [
  ...report.fallbacks.map(
    ({ operator, line, count }) =>
      `${code(operator)} ran on the CPU: MPS does not have it (line ${line + 1}${count > 1 ? `, ${count} times` : ''}).`,
  ),
  ...report.caveats.map(({ text }) => escaped(text)),
];

/** A fence longer than any in the text. */
function block(text: string, longest: number): string {
  const shown = text.length <= longest ? text : `${text.slice(0, longest)}…`;
  const ticks = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length)) + 1;
  const fence = '`'.repeat(ticks);
  return `${fence}text\n${shown.trimEnd()}\n${fence}`;
}

const lastOf = (text: string): string =>
  text.length <= longestOutput ? text : `…${text.slice(1 - longestOutput)}`;

const code = (text: string): string => `\`${text.replaceAll('`', '')}\``;

const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&');

const cell = (text: string): string => escaped(text).replaceAll('\n', ' ');

import type { Report } from '../kernel/messages.gen.ts';
import { formatBytes, formatRate, formatTime } from './format.ts';

/** One thing that a report tells; where it is about variables, their names come after the value. */
export type ReportRow = readonly [name: string, value: string, variables?: readonly string[]];

/** Everything that a report tells. */
export function reportRows(report: Report): ReportRow[] {
  const rows: ReportRow[] = [['Device', report.device ?? 'neither torch nor MLX was used']];
  if (report.left_on_cpu.length > 0)
    rows.push([`On the CPU, although there is ${report.accelerator}`, '', report.left_on_cpu]);
  rows.push(
    ['Time, devices idle before and after', formatTime(report.wall)],
    ['Until the code returned', formatTime(report.returned)],
  );
  if (report.evaluated > 0) rows.push(['Evaluating lazy MLX arrays', formatTime(report.evaluated)]);
  rows.push(['CPU time', formatTime(report.cpu)]);
  if (report.gpu !== null) rows.push(['GPU time', formatTime(report.gpu)]);
  if (report.flops !== null && report.wall > 0) {
    rows.push([
      'Rate',
      `${formatRate(report.flops / report.wall)}, ${report.flops.toLocaleString('en-US')} operations`,
    ]);
  }
  for (const { framework, device, before, after, peak } of report.memory) {
    rows.push([`Memory of ${framework} on ${device}`, memoryText({ before, after, peak })]);
  }
  if (report.host !== null) rows.push(['Memory of the process', memoryText(report.host)]);
  for (const { framework, device, count, bytes, names } of report.uses) {
    const plural = count === 1 ? '' : 's';
    const what = framework === 'torch' ? `tensor${plural}` : `array${plural}`;
    rows.push([`${framework} on ${device}`, `${count} ${what}, ${formatBytes(bytes)}: `, names]);
  }
  if (report.copies?.length === 0)
    rows.push(['Copies between main memory and MPS', 'none in the log of torch']);
  for (const { to, count, bytes } of report.copies ?? []) {
    const where = to === 'MPS' ? 'from main memory to MPS' : 'from MPS to main memory';
    rows.push([`Copies ${where}`, `${count}, ${formatBytes(bytes)}`]);
  }
  return rows;
}

interface Memory {
  readonly before: number;
  readonly after: number;
  readonly peak: number | null;
}

/** Numbers that read the same are told once. */
function memoryText({ before, after, peak }: Memory): string {
  const [from, to, top] = [before, after, peak ?? after].map(formatBytes);
  return `${from === to ? to : `${from} → ${to}`}${top === to ? '' : `, peak ${top}`}`;
}

/** How text and places are written: plain unless a page has links. */
export interface Writing {
  readonly text: (text: string) => string;
  /** A line (0-based) of a file. */
  readonly line: (line: number, filename: string) => string;
}

const plain: Writing = { text: (text) => text, line: (line) => `line ${line + 1}` };

/** What has to be said in sentences: operators that fell back, and what limits the numbers. */
export const reportSentences = (report: Report, { text, line }: Writing = plain): string[] => [
  ...report.fallbacks.map(
    ({ operator, filename, line: at, count }) =>
      `${text(operator)} ran on the CPU: MPS does not have it (${line(at, filename)}${count > 1 ? `, ${count} times` : ''}).`,
  ),
  ...report.caveats.map((caveat) => text(caveat.text)),
];

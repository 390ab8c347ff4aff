import type { BenchmarkRow } from '../kernel/messages.gen.ts';
import { formatRate, formatTime } from '../views/format.ts';
import type { BenchmarkResult } from './runBenchmark.ts';
import type { TableText } from './tableText.ts';

const columns = [
  'Framework',
  'Device',
  'Size',
  'Median',
  'Interquartile range',
  'Rate',
  'First run',
  'Samples',
] as const;

/** The cells of the table, as text, in the order of `columns`. */
function tableRow(row: BenchmarkRow): string[] {
  const { median, q1, q3, gflops, first } = row;
  const seconds = (value: number | null): string => (value === null ? '' : formatTime(value * 1e9));
  return [
    `${row.framework} ${row.framework_version}`,
    row.device_name === '' ? row.device : `${row.device} (${row.device_name})`,
    `${row.size.join(' × ')} ${row.dtype}`,
    median === null ? (row.error ?? 'not measured') : seconds(median),
    q1 === null || q3 === null ? '' : `${seconds(q1)} – ${seconds(q3)}`,
    gflops === null ? '' : formatRate(gflops),
    seconds(first),
    row.samples === 0 ? '' : `${row.samples} × ${row.iterations}`,
  ];
}

/** The sentence on top: the fastest, against the next one that did the same work. */
function headline({ rows }: BenchmarkResult): string {
  const measured = rows.filter((row) => row.gflops !== null);
  const [best, ...rest] = [...measured].sort((a, b) => (b.gflops ?? 0) - (a.gflops ?? 0));
  if (best === undefined) return 'Nothing could be measured.';
  const name = ({ framework, device }: BenchmarkRow): string => `${framework} on ${device}`;
  const next = rest.find((row) => row.size.join() === best.size.join());
  const reached = `${name(best)} reached ${formatRate(best.gflops ?? 0)}`;
  if (next === undefined) return `${reached}.`;
  const ratio = (best.gflops ?? 0) / (next.gflops ?? 1);
  return `${reached}, ${ratio.toFixed(ratio < 10 ? 1 : 0)} times ${name(next)}.`;
}

export const benchmarkTable = (result: BenchmarkResult): TableText => ({
  title: `Benchmark: ${result.workload}`,
  headline: headline(result),
  columns,
  rows: result.rows.map(tableRow),
  caveats: result.caveats,
  note: `Inputs were evaluated first, the first run and the warm-ups are not in the median, and every sample ends with an idle device. Python ${result.python}, ${result.chip}.`,
  data: result,
});

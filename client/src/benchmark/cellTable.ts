import { formatTime } from '../views/format.ts';
import type { CellSamples } from './cellSamples.ts';
import type { TableText } from './tableText.ts';

const columns = ['Run', 'Device', 'Median', 'Interquartile range', 'First run', 'Runs'] as const;

/** The samples of one cell; where devices are compared, as it is and then without the GPU. */
export function cellTable(
  cell: string,
  samples: readonly CellSamples[],
  { compared }: { readonly compared: boolean },
): TableText {
  return {
    title: `${compared ? 'Devices' : 'Benchmark'}: ${cell}`,
    headline: headline(samples),
    columns,
    rows: samples.map(row),
    caveats: [...stops(samples, compared), ...(compared ? comparison(samples) : [])],
    note: 'Each run began and ended with idle devices, and its lazy MLX arrays were computed in its time. The first run is not in the median.',
    data: samples,
  };
}

/** Linear between the two nearest samples. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (at - Math.floor(at)) * (high - low);
}

const median = ({ times }: CellSamples): number => quantile(times, 0.5);
const deviceOf = ({ device }: CellSamples): string => device ?? 'Python';
const range = ({ times }: CellSamples): string =>
  `${formatTime(quantile(times, 0.25))} – ${formatTime(quantile(times, 0.75))}`;

function row(samples: CellSamples): string[] {
  const { name, first, times, end } = samples;
  if (times.length === 0) return [name, deviceOf(samples), ends[end], '', formatTime(first), '0'];
  return [
    name,
    deviceOf(samples),
    formatTime(median(samples)),
    times.length === 1 ? '' : range(samples),
    formatTime(first),
    `${times.length}`,
  ];
}

const ends: Readonly<Record<CellSamples['end'], string>> = {
  ok: 'stopped',
  error: 'failed',
  interrupted: 'interrupted',
  cancelled: 'cancelled',
  lost: 'the kernel ended',
};

function headline(samples: readonly CellSamples[]): string {
  const [own, other] = samples.filter(({ times }) => times.length > 0);
  if (own === undefined) return 'Nothing was measured.';
  const spread =
    own.times.length === 1
      ? 'measured once'
      : `half of ${own.times.length} runs within ${range(own)}`;
  const where = own.device === null ? 'in Python' : `on ${own.device}`;
  const alone = `${formatTime(median(own))} ${where}, ${spread}.`;
  if (other === undefined || deviceOf(own) === deviceOf(other)) return alone;
  const [fast, slow] = median(own) <= median(other) ? [own, other] : [other, own];
  const ratio = median(slow) / median(fast);
  return `${deviceOf(fast)} took ${formatTime(median(fast))}, ${deviceOf(slow)} ${formatTime(median(slow))}: ${ratio.toFixed(ratio < 10 ? 1 : 0)} times as long.`;
}

const stops = (samples: readonly CellSamples[], compared: boolean): string[] =>
  samples
    .filter(({ end }) => end !== 'ok')
    .map(({ name, end }) => {
      const which = compared ? `The cell ${name}` : 'The cell';
      return `${which} ${ended[end]}, so it was measured no further.`;
    });

/** Why two devices were not compared. */
function comparison([own, other]: readonly CellSamples[]): string[] {
  if (own === undefined || own.end !== 'ok') return [];
  if (other === undefined)
    return own.accelerator === null
      ? ['torch and MLX used no GPU, so there is nothing to compare with.']
      : [];
  return deviceOf(own) === deviceOf(other)
    ? [`Both ran on ${deviceOf(own)}: the code names its device itself, or uses none.`]
    : [];
}

const ended: Readonly<Record<CellSamples['end'], string>> = {
  ok: '',
  error: 'failed',
  interrupted: 'was interrupted',
  cancelled: 'was cancelled',
  lost: 'lost its kernel',
};

import type { Report } from '../kernel/messages.gen.ts';
import type { ChipPeak } from './chipPeak.ts';
import { formatBytes, formatRate, formatTime } from './format.ts';

/** Changes below this are the allocator's, not the cell's. */
const notableMemory = 1e6;
/** Below this many operations the time is that of Python, and their rate says nothing of a device. */
const notableWork = 1e9;
/** Names that a line tells; the whole report has all of them. */
const shownNames = 3;

/** What a report alone says, part by part; null where there is nothing to say. */
export const reportParts = {
  device: ({ device }: Report) => device ?? 'Python',
  time: ({ wall }: Report) => formatTime(wall),
  trouble: (report: Report) => joined(troubles(report)),
  rate: (report: Report) => rateText(report, null),
  memory: ({ memory }: Report) => {
    const grown = memory.reduce((sum, { before, after }) => sum + after - before, 0);
    if (Math.abs(grown) < notableMemory) return null;
    return `${grown > 0 ? '+' : ''}${formatBytes(grown)}`;
  },
  lazy: (report: Report) => lazyNote(report),
  'first run': ({ caveats }: Report) =>
    caveats.some(({ kind }) => kind === 'first-run') ? 'first run' : null,
} as const satisfies Readonly<Record<string, (report: Report) => string | null>>;

/** Operations a second, and their share of what the chip can do when the work ran on its GPU. */
export function rateText({ flops, wall, device }: Report, peak: ChipPeak | null): string | null {
  if (flops === null || flops < notableWork || wall === 0) return null;
  const rate = formatRate(flops / wall);
  const isOnGpu = device === 'mps' || device === 'mlx gpu';
  if (peak === null || !isOnGpu) return rate;
  return `${rate} (${Math.round((100 * flops) / wall / peak.gflops)}% of ${peak.chip})`;
}

/** What limits the number or the speed: it comes before the rest. */
export function troubles(report: Report): string[] {
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

export const joined = (parts: readonly (string | null | false)[]): string =>
  parts.filter((part) => part !== null && part !== false && part !== '').join(' · ');

import { formatTime } from './format.ts';

/** Runs of one cell text that are remembered. */
export const longestHistory = 10;

/** Differences below this share of the median are noise of the machine, whatever the spread says. */
const leastChange = 0.1;
/** Runs before a difference means anything. */
const fewest = 3;
/** Of so many runs one at either end is odd: it took that long for a reason of its own, as another program's. */
const onePerOdd = 5;
/** Median absolute deviations to a standard deviation, for a normal distribution. */
const madToDeviation = 1.4826;

const bars = '▁▂▃▄▅▆▇█';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** How a time (ns) differs from earlier ones of the same cell; null within the noise. */
export function changeOf(time: number, earlier: readonly number[]): string | null {
  if (earlier.length < fewest) return null;
  const usual = median(earlier);
  const deviation = madToDeviation * median(earlier.map((each) => Math.abs(each - usual)));
  if (Math.abs(time - usual) <= Math.max(3 * deviation, leastChange * usual)) return null;
  // Runs that take one of two times leave no deviation, and yet neither time is new.
  const sorted = [...earlier].sort((a, b) => a - b);
  const odd = Math.floor(earlier.length / onePerOdd);
  const [least = time, most = time] = [sorted.at(odd), sorted.at(-1 - odd)];
  if (time >= least && time <= most) return null;
  const ratio = time > usual ? time / usual : usual / time;
  return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}x ${time > usual ? 'slower' : 'faster'} than before`;
}

/** Times (ns), the latest last, as bars of equal width from 0 to the longest. */
export function sparkline(times: readonly number[]): string {
  const longest = Math.max(...times);
  return times
    .map((time) => bars[Math.max(0, Math.ceil((time / longest) * bars.length) - 1)] ?? bars[0])
    .join('');
}

/** The last runs in words and bars, for the hover; null for a single run. */
export function historyText(times: readonly number[]): string | null {
  if (times.length < 2) return null;
  const fastest = formatTime(Math.min(...times));
  return `${sparkline(times)} last ${times.length} runs, median ${formatTime(median(times))}, fastest ${fastest}`;
}

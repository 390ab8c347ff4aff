/** Median, quartiles and 95th percentile, linear between neighbours. */
export function quartiles(samples: readonly number[]): {
  q1: number;
  median: number;
  q3: number;
  p95: number;
} {
  const ordered = [...samples].sort((a, b) => a - b);
  const at = (fraction: number): number => {
    const place = (ordered.length - 1) * fraction;
    const low = ordered[Math.floor(place)] ?? 0;
    const high = ordered[Math.ceil(place)] ?? low;
    return low + (high - low) * (place - Math.floor(place));
  };
  return { q1: at(0.25), median: at(0.5), q3: at(0.75), p95: at(0.95) };
}

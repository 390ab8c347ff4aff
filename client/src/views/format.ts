/** Numbers as people read them: three significant digits. */

export function formatTime(nanoseconds: number): string {
  if (nanoseconds < 999.5e3) return `${digits(nanoseconds / 1e3)} µs`;
  if (nanoseconds < 999.5e6) return `${digits(nanoseconds / 1e6)} ms`;
  const seconds = nanoseconds / 1e9;
  if (seconds < 99.95) return `${digits(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as macOS uses them. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const sign = bytes < 0 ? '-' : '';
  return `${sign}${unit === 0 ? value : digits(value)} ${units[unit]}`;
}

export function formatRate(gflops: number): string {
  if (gflops >= 999.5) return `${digits(gflops / 1000)} TFLOP/s`;
  return gflops >= 0.9995 ? `${digits(gflops)} GFLOP/s` : `${digits(gflops * 1000)} MFLOP/s`;
}

/** Operations of floating point, without "a second". */
export const formatWork = (operations: number): string =>
  operations >= 999.5e9
    ? `${digits(operations / 1e12)} TFLOP`
    : `${digits(operations / 1e9)} GFLOP`;

function digits(value: number): string {
  if (value === 0) return '0';
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)) + 1e-9));
  const text = value.toFixed(Math.min(places, 2));
  // 9.999 rounds to 10.00, which has a digit too many.
  return text.replace(/^(\d{2})\.(\d)\d$/, '$1.$2').replace(/^(\d{3})\.\d+$/, '$1');
}

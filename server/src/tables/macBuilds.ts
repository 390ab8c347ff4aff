/**
 * The oldest macOS on which MPS is available, by the first version of torch that asks for it, newest first.
 * Source: "The MPS backend is supported on macOS …+" in the libraries of torch 2.4.1, 2.5.1, 2.6.0, 2.7.1,
 * 2.8.0, 2.9.1, 2.10.0, 2.11.0, 2.12.0, 2.14.1 and 2.15.0.
 */
export const macosForMps: readonly (readonly [torch: string, macos: string])[] = [
  ['2.15', '15.0'],
  ['2.9', '14.0'],
  ['2.6', '13.0'],
  ['2.4', '12.3'],
];

/** The newest versions that pip finds for an Apple Silicon Mac, by version of Python. Asked on 2026-11-25. */
export const newestForPython: ReadonlyMap<
  string,
  { readonly torch: string; readonly mlx: string }
> = new Map([
  ['3.8', { torch: '2.4.1', mlx: '0.18.1' }],
  ['3.9', { torch: '2.8.0', mlx: '0.29.3' }],
]);

/** The newest torch that pip finds for macOS on x86-64; MLX has none. Asked on 2026-11-25. */
export const newestTorchForIntel = '2.2.2';

/**
 * GPU clocks in GHz by chip. A core computes 128 fused multiply-adds a cycle (MacRumors thread 2471322:
 * eight cores have 1024 units). M1 to M3: public measurements that agree; M4 within 10 per cent. M5 is
 * left out: its GPU computes float32 products with units of their own, so that no share can be told.
 */
const clocks: Readonly<Record<string, number>> = {
  'Apple M1': 1.278,
  'Apple M1 Pro': 1.296,
  'Apple M1 Max': 1.296,
  'Apple M1 Ultra': 1.296,
  'Apple M2': 1.398,
  'Apple M2 Pro': 1.398,
  'Apple M2 Max': 1.398,
  'Apple M2 Ultra': 1.398,
  'Apple M3': 1.38,
  'Apple M3 Pro': 1.398,
  'Apple M3 Max': 1.398,
  'Apple M3 Ultra': 1.398,
  'Apple M4': 1.47,
  'Apple M4 Pro': 1.578,
  'Apple M4 Max': 1.68,
};

/** What a Mac's GPU can do at most. */
export interface ChipPeak {
  /** As people call it: M3 Max. */
  readonly chip: string;
  /** float32 operations a nanosecond (GFLOP/s). */
  readonly gflops: number;
}

/** The peak of a chip with so many GPU cores; null when it is not known. */
export function chipPeak(chip: string, gpuCores: number | null): ChipPeak | null {
  const clock = clocks[chip];
  if (clock === undefined || gpuCores === null) return null;
  return { chip: chip.replace('Apple ', ''), gflops: gpuCores * 128 * 2 * clock };
}

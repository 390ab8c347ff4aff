import type { Report } from '../kernel/messages.gen.ts';
import type { CellEnd } from '../kernel/session.ts';

/** How a cell ran, again and again. Times are in ns. */
export interface CellSamples {
  /** `as it is` or `without the GPU`. */
  readonly name: string;
  /** In the words of `Report.device`, at the last run. */
  readonly device: string | null;
  /** The GPU that torch or MLX could use then. */
  readonly accelerator: string | null;
  /** The run before the samples: it may load and compile. */
  readonly first: number;
  readonly times: readonly number[];
  /** How the last run ended. */
  readonly end: CellEnd;
}

export interface CellRunEnd {
  readonly end: CellEnd;
  readonly report: Report | null;
}

const fewest = 5;
const most = 30;
/** Nanoseconds of running after which there are samples enough. */
const enough = 5e9;

/** Runs a cell once to warm up, then until there are samples enough, one fails or `stopped` says so. */
export async function sampleCell(
  name: string,
  run: () => Promise<CellRunEnd>,
  stopped: () => boolean,
  progress: (done: number, most: number) => void,
): Promise<CellSamples> {
  let { end, report } = await run();
  const first = report?.wall ?? 0;
  const times: number[] = [];
  let spent = 0;
  while (
    end === 'ok' &&
    !stopped() &&
    times.length < most &&
    (times.length < fewest || spent < enough)
  ) {
    progress(times.length + 1, most);
    ({ end, report } = await run());
    if (end !== 'ok' || report === null) break;
    times.push(report.wall);
    spent += report.wall;
  }
  return {
    name,
    device: report?.device ?? null,
    accelerator: report?.accelerator ?? null,
    first,
    times,
    end,
  };
}

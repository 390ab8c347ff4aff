import type { LineProfile, Profile } from '../kernel/messages.gen.ts';
import { formatTime } from './format.ts';

/** How hot a line is: 0 is cold, 4 took most of the cell's time. */
export type Heat = 0 | 1 | 2 | 3 | 4;

export interface HeatLine {
  /** 0-based, in the file as it was when the cell ran. */
  readonly line: number;
  readonly heat: Heat;
  /** What stands behind the line. */
  readonly text: string;
  /** All that is known of it, as sentences. */
  readonly detail: string;
}

/** Shares of the cell's time at which a line gets hotter. */
const steps = [0.02, 0.1, 0.25, 0.5] as const;

/** The lines of a profiled cell, each with its share of the whole. */
export function heatLines({ lines }: Profile): HeatLine[] {
  const total = lines.reduce((sum, { wall }) => sum + wall, 0);
  return lines.map((line) => {
    const share = total === 0 ? 0 : line.wall / total;
    return {
      line: line.line,
      heat: steps.filter((step) => share >= step).length as Heat,
      text: text(line, share),
      detail: detail(line, share),
    };
  });
}

function text({ wall, count, device }: LineProfile, share: number): string {
  return [
    formatTime(wall),
    `${percent(share)}`,
    ...(device === null ? [] : [device]),
    ...(count > 1 ? [`${count} times`] : []),
  ].join(' · ');
}

function detail({ wall, returned, count, device }: LineProfile, share: number): string {
  const times = count === 1 ? 'Ran once' : `Ran ${count} times, ${formatTime(wall / count)} each`;
  const waited = wall - returned;
  const waiting =
    waited > 0.05 * wall
      ? ` ${formatTime(waited)} of it were spent waiting for the device after the line had returned.`
      : '';
  const where = device === null ? '' : ` Its values live on ${device}.`;
  return `${times}: ${formatTime(wall)} in all, ${percent(share)} of the cell.${waiting}${where}`;
}

const percent = (share: number): string =>
  share < 0.01 && share > 0 ? '<1%' : `${Math.round(100 * share)}%`;

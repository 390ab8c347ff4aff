/** A cell that runs or waits. */
export interface QueueCell {
  /** Its marker, or its first line. */
  readonly title: string;
  /** Name of the file. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly isRunning: boolean;
  /** Cells of the same kernel that come first. */
  readonly ahead: number;
  /** How long it runs already. */
  readonly seconds: number;
}

/** Where a cell of the queue stands. */
export function placeText({ file, line, isRunning, ahead }: QueueCell): string {
  const place = `${file}, line ${line}`;
  if (isRunning) return `${place} · running`;
  if (ahead === 0) return `${place} · waits for Python to start`;
  return `${place} · ${ahead === 1 ? 'next' : `${ahead} before it`}`;
}

/** The queue in a few characters, for the status bar. */
export function queueLabel(cells: readonly QueueCell[]): string {
  const running = cells.filter(({ isRunning }) => isRunning);
  const waiting = cells.length - running.length;
  const [first] = running;
  return [
    first === undefined
      ? 'starting Python'
      : running.length === 1
        ? `${first.seconds} s`
        : `${running.length} cells`,
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? 'waits' : 'wait'}`]),
  ].join(' · ');
}

/** The queue as sentences: the tooltip, and what a screen reader says. */
export const queueSentences = (cells: readonly QueueCell[]): string[] =>
  cells.map((cell) => `${cell.title} (${placeText(cell)})`);

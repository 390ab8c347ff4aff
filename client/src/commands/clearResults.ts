import type { CellRuns } from '../cells/cellRuns.ts';
import { activePythonEditor } from '../cells/documentCells.ts';
import type { HoverWatch } from '../views/hoverWatch.ts';

/** Takes the lines away from the cells of the file in front. */
export const clearResults =
  (runs: CellRuns, hovers: HoverWatch) =>
  (from?: 'key'): void => {
    // Escape closes one thing at a time.
    if (from === 'key' && hovers.closes()) return;
    runs.clear(activePythonEditor()?.document.uri.toString() ?? '');
  };

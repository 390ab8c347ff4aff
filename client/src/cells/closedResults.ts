import type { CellState } from '../kernel/cellState.ts';
import { isFinished } from '../kernel/cellState.ts';

/** Characters that the results of closed documents have together at most. */
const most = 50_000_000;

const sizes = new WeakMap<CellState, number>();

/** Of runs of closed documents, those closed last at the end, the ones that there is no room for. */
export function withoutRoom<Run extends { readonly state: CellState }>(runs: Iterable<Run>): Run[] {
  let total = 0;
  return [...runs].reverse().filter(({ state }) => {
    total += sizeOf(state);
    return total > most && isFinished(state);
  });
}

/** States are never changed, only replaced. */
function sizeOf(state: CellState): number {
  const size = sizes.get(state) ?? JSON.stringify(state).length;
  sizes.set(state, size);
  return size;
}

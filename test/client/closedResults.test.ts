import { expect, test } from 'vitest';
import { withoutRoom } from '../../client/src/cells/closedResults.ts';
import type { CellState } from '../../client/src/kernel/cellState.ts';
import { newCellState } from '../../client/src/kernel/cellState.ts';

const state = (phase: CellState['phase']): CellState => ({
  ...newCellState,
  phase,
  outputs: [...'abcde'].map((letter) => ({
    kind: 'text',
    stream: 'stdout',
    text: letter.repeat(200_000),
  })),
});

test('of 200 closed files with a megabyte each the last 49 keep their results', () => {
  const runs = Array.from({ length: 200 }, (_, file) => ({ file, state: state('ok') }));
  const gone = withoutRoom(runs).map(({ file }) => file);
  expect(gone.sort((a, b) => a - b)).toEqual(Array.from({ length: 151 }, (_, file) => file));
  expect(withoutRoom(runs.slice(151))).toEqual([]);
});

test('a cell that still runs keeps what it has put out', () => {
  const runs = Array.from({ length: 60 }, (_, file) => ({ file, state: state('ok') }));
  const running = { file: -1, state: state('running') };
  expect(withoutRoom([running, ...runs])).not.toContain(running);
});

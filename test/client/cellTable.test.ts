import { expect, test } from 'vitest';
import type { CellRunEnd, CellSamples } from '../../client/src/benchmark/cellSamples.ts';
import { sampleCell } from '../../client/src/benchmark/cellSamples.ts';
import { cellTable, quantile } from '../../client/src/benchmark/cellTable.ts';
import { tableMarkdown } from '../../client/src/benchmark/tableText.ts';

const samples = (
  name: string,
  device: string,
  ...milliseconds: readonly number[]
): CellSamples => ({
  name,
  device,
  accelerator: 'mps',
  first: 50e6,
  times: milliseconds.map((each) => each * 1e6),
  end: 'ok',
});

const compared = { compared: true };

test('one cell has its median, and the range of half of its runs', () => {
  const runs = samples('as it is', 'mps', 10, 12, 11, 30, 9);
  const { headline, rows } = cellTable('# %% train', [runs], { compared: false });
  expect(headline).toBe('11.0 ms on mps, half of 5 runs within 10.0 ms – 12.0 ms.');
  expect(rows).toEqual([['as it is', 'mps', '11.0 ms', '10.0 ms – 12.0 ms', '50.0 ms', '5']]);
});

test('one run has no spread, and one cell no name', () => {
  const stopped = { ...samples('as it is', 'mps', 10), end: 'interrupted' as const };
  const { headline, rows, caveats } = cellTable('# %% train', [stopped], { compared: false });
  expect(headline).toBe('10.0 ms on mps, measured once.');
  expect(rows[0]?.[3]).toBe('');
  expect(caveats).toEqual(['The cell was interrupted, so it was measured no further.']);
});

test('two devices are compared, the faster one first', () => {
  const table = cellTable(
    '# %% train',
    [samples('as it is', 'mps', 40, 40, 40), samples('without the GPU', 'cpu', 10, 10, 10)],
    compared,
  );
  expect(table.headline).toBe('cpu took 10.0 ms, mps 40.0 ms: 4.0 times as long.');
  expect(table.caveats).toEqual([]);
  expect(tableMarkdown(table)).toContain('| without the GPU | cpu | 10.0 ms |');
});

test('says when there is nothing to compare', () => {
  const same = [samples('as it is', 'mps', 4, 4, 4), samples('without the GPU', 'mps', 4, 4, 4)];
  expect(cellTable('x', same, compared).caveats).toEqual([
    'Both ran on mps: the code names its device itself, or uses none.',
  ]);
  const none = { ...samples('as it is', 'cpu', 4, 4), accelerator: null };
  expect(cellTable('x', [none], compared).caveats[0]).toMatch(/^torch and MLX used no GPU/);
  const failed = { ...samples('without the GPU', 'cpu'), end: 'error' as const };
  const table = cellTable('x', [samples('as it is', 'mps', 4, 4), failed], compared);
  expect(table.headline).toMatch(/^4.00 ms on mps/);
  expect(table.rows[1]?.[2]).toBe('failed');
  expect(table.caveats[0]).toBe('The cell without the GPU failed, so it was measured no further.');
});

test('quantiles lie between the samples', () => {
  expect([0, 0.25, 0.5, 1].map((share) => quantile([4, 1, 3, 2], share))).toEqual([
    1, 1.75, 2.5, 4,
  ]);
});

const run = (wall: number, end: CellRunEnd['end'] = 'ok'): CellRunEnd =>
  ({ end, report: { wall, device: 'mps', accelerator: 'mps' } }) as CellRunEnd;
const sample = (
  ends: readonly CellRunEnd[],
  stopped = (): boolean => false,
): Promise<CellSamples> => {
  let i = -1;
  return sampleCell(
    'as it is',
    async () => {
      i += 1;
      return ends[Math.min(i, ends.length - 1)] as CellRunEnd;
    },
    stopped,
    () => {},
  );
};

test('a short cell is run thirty times after a warm-up, a long one five times', async () => {
  const short = await sample([run(90e6), run(1e6)]);
  expect(short.times.length).toBe(30);
  expect(short.first).toBe(90e6);
  expect((await sample([run(60e9)])).times.length).toBe(5);
});

test('a run that fails ends it, and what was measured stays', async () => {
  const failed = await sample([run(1e6), run(1e6), run(1e6), run(1e6, 'interrupted')]);
  expect(failed).toMatchObject({ times: [1e6, 1e6], end: 'interrupted' });
  expect((await sample([run(1e6)], () => true)).times).toEqual([]);
});

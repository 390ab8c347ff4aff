import { describe, expect, test } from 'vitest';
import type { CellEvent, CellState } from '../../client/src/kernel/cellState.ts';
import {
  longestText,
  newCellState,
  printedText,
  reduceCell,
} from '../../client/src/kernel/cellState.ts';
import type { Report } from '../../client/src/kernel/messages.gen.ts';
import { chipPeak } from '../../client/src/views/chipPeak.ts';
import { formatBytes, formatRate, formatTime, formatWork } from '../../client/src/views/format.ts';
import type { InlinePart } from '../../client/src/views/reportLine.ts';
import { defaultLineOptions, inlineParts, reportLine } from '../../client/src/views/reportLine.ts';
import { reportMarkdown } from '../../client/src/views/reportMarkdown.ts';
import { rateText } from '../../client/src/views/reportParts.ts';

const report: Report = {
  type: 'report',
  mark: 3,
  id: 1,
  wall: 12_400_000,
  returned: 900_000,
  evaluated: 0,
  cpu: 1_000_000,
  gpu: null,
  device: 'mps',
  accelerator: null,
  left_on_cpu: [],
  host: null,
  flops: null,
  started: '2026-11-25T12:00:00.000000Z',
  ended: '2026-11-25T12:00:01.000000Z',
  uses: [{ framework: 'torch', device: 'mps', names: ['x', 'model'], count: 7, bytes: 4_096_000 }],
  memory: [{ framework: 'torch', device: 'mps', before: 0, after: 512_000_000, peak: null }],
  unevaluated: 0,
  fallbacks: [],
  copies: null,
  caveats: [],
};

const stateAfter = (...events: readonly CellEvent[]): CellState =>
  events.reduce(reduceCell, newCellState);
const started: CellEvent = { type: 'started', mark: 1, id: 1, execution_count: 4 };
const done: CellEvent = { type: 'done', mark: 9, id: 1, status: 'ok' };
const print = (text: string): CellEvent => ({ type: 'output', stream: 'stdout', text });
const lineOf = (...events: readonly CellEvent[]): string | undefined =>
  reportLine(stateAfter(...events), { ...defaultLineOptions, seconds: 3 })?.text;

describe('the line after a cell', () => {
  test('names device, time, what deserves it, and the result', () => {
    const result: CellEvent = {
      type: 'result',
      mark: 2,
      id: 1,
      data: { 'text/plain': 'tensor(...)' },
      metadata: {},
      summary: 'tensor float32 [8192, 8192] mps',
    };
    expect(lineOf(started, result, report, done)).toBe(
      '✓ mps · 12.4 ms · +512 MB · tensor float32 [8192, 8192] mps',
    );
  });

  test('says trouble first, and as a warning', () => {
    const fallback = { operator: 'aten::linalg_svd', filename: '/a.py', line: 3, count: 2 };
    const state = stateAfter(started, { ...report, memory: [], fallbacks: [fallback] }, done);
    expect(reportLine(state)).toEqual({
      text: '⚠ mps · 12.4 ms · 1 op on CPU',
      tone: 'warning',
    });
  });

  test('shows the last line that was printed, also of a progress bar', () => {
    expect(lineOf(started, print('epoch 1\n'), print('\x1b[32mloss 0.4\x1b[0m\n'))).toBe(
      '◒ running 3 s · loss 0.4',
    );
    expect(lineOf(started, print(' 10%\r 20%\r 30%'))).toBe('◒ running 3 s · 30%');
  });

  test('shows what was warned of, not the code behind it', () => {
    const warning = '/project/a.py:3: UserWarning: careful\n  warnings.warn("careful")\n';
    expect(lineOf(started, print(warning))).toBe('◒ running 3 s · UserWarning: careful');
    expect(lineOf(started, print(`${warning}step 2\n`))).toBe('◒ running 3 s · step 2');
  });

  test('says how many cells are before it', () => {
    expect(lineOf({ type: 'queued', ahead: 2 })).toBe('queued 2');
    expect(lineOf({ type: 'queued', ahead: 0 })).toBe('starting Python');
    expect(lineOf({ type: 'queued', ahead: 1 }, { type: 'cancelled' })).toBeUndefined();
  });

  test('names line and cause of an error', () => {
    const error: CellEvent = {
      type: 'error',
      mark: 2,
      id: 1,
      ename: 'TypeError',
      evalue: '\nCannot convert a MPS Tensor to float64 dtype\nmore',
      traceback: '',
      explanation: null,
      rule: null,
      frames: [
        { filename: '/project/a.py', line: 13, name: '<module>' },
        { filename: '/lib/torch/x.py', line: 900, name: 'to' },
      ],
    };
    expect(lineOf(started, error, report, { ...done, status: 'error' })).toBe(
      '✗ line 14 TypeError: Cannot convert a MPS Tensor to float64 dtype',
    );
  });

  test('says why the kernel is gone, and keeps what was printed', () => {
    const state = stateAfter(started, print('step 9\n'), {
      type: 'lost',
      cause: 'The kernel was killed (SIGKILL).',
    });
    expect(reportLine(state)).toEqual({
      text: '✗ The kernel was killed (SIGKILL).',
      tone: 'error',
    });
    expect(printedText(state)).toBe('step 9\n');
  });
});

describe('the state of a cell', () => {
  test('keeps the end of much output', () => {
    const state = stateAfter(
      started,
      ...Array.from({ length: 50 }, (_, i) => print(`${i}`.repeat(9_000))),
    );
    expect(printedText(state).length).toBeLessThanOrEqual(200_000);
    expect(printedText(state).endsWith('49')).toBe(true);
  });

  test('clear_output(wait=True) clears with the next output', () => {
    const before = stateAfter(started, print('old'), {
      type: 'clear_output',
      mark: 2,
      id: 1,
      wait: true,
    });
    expect(printedText(before)).toBe('old');
    expect(printedText(reduceCell(before, print('new')))).toBe('new');
  });

  test('update_display replaces the display of the same id', () => {
    const display = (text: string, update: boolean): CellEvent => ({
      type: 'display',
      mark: 2,
      id: 1,
      data: { 'text/plain': text },
      metadata: {},
      display_id: 'bar',
      update,
    });
    const { outputs } = stateAfter(started, display('10%', false), display('20%', true));
    expect(outputs).toEqual([{ kind: 'rich', data: { 'text/plain': '20%' }, displayId: 'bar' }]);
  });
});

describe('the whole report', () => {
  test('has every number, and text that cannot break out of it', () => {
    const markdown = reportMarkdown(
      stateAfter(
        started,
        print('``` | <script>\n'),
        { ...report, caveats: [{ kind: 'lazy', text: '1 *MLX* array' }] },
        done,
      ),
    );
    expect(markdown).toContain('| Time, devices idle before and after | 12.4 ms |');
    expect(markdown).toContain('| Until the code returned | 900 µs |');
    expect(markdown).toContain('0 bytes → 512 MB');
    expect(markdown).toContain('````text\n``` | <script>\n````');
    expect(markdown).toContain('1 \\*MLX\\* array');
  });

  test('tells copies by direction when they were counted, and that there were none', () => {
    const of = (copies: Report['copies']): string =>
      reportMarkdown(stateAfter(started, { ...report, copies }, done));
    expect(of([{ to: 'MPS', count: 3, bytes: 12_582_912 }])).toContain(
      '| Copies from main memory to MPS | 3, 12.6 MB |',
    );
    expect(of([])).toContain('| Copies between main memory and MPS | none in the log of torch |');
    expect(of(null)).not.toContain('Copies');
  });
});

describe('numbers', () => {
  test.each([
    [0, '0 µs'],
    [850, '0.85 µs'],
    [9_999, '10.0 µs'],
    [99_960, '100 µs'],
    [999_499, '999 µs'],
    [999_500, '1.00 ms'],
    [12_345_678, '12.3 ms'],
    [1_500_000_000, '1.50 s'],
    [99_990_000_000, '1 min 40 s'],
    [3_725_000_000_000, '62 min 5 s'],
  ])('%d ns is %s', (nanoseconds, text) => {
    expect(formatTime(nanoseconds)).toBe(text);
  });

  test('bytes and rates', () => {
    expect([0, 999, 1_000, 4_194_304, -2_000_000, 25_300_000_000].map(formatBytes)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.00 kB',
      '4.19 MB',
      '-2.00 MB',
      '25.3 GB',
    ]);
    expect([0.5, 190.4, 3_140].map(formatRate)).toEqual([
      '500 MFLOP/s',
      '190 GFLOP/s',
      '3.14 TFLOP/s',
    ]);
    expect([2 * 1024 ** 3, 2 * 8192 ** 3].map(formatWork)).toEqual(['2.15 GFLOP', '1.10 TFLOP']);
  });
});

describe('what limits a cell', () => {
  const lineWith = (change: Partial<Report>): string | undefined =>
    lineOf(started, { ...report, memory: [], ...change }, done);

  test('a GPU that did nothing is said with what stayed on the CPU, as proof only when it was read', () => {
    const idle = { device: 'cpu', accelerator: 'mps', left_on_cpu: ['x', 'model'] };
    expect(lineWith({ ...idle, gpu: 0 })).toBe('⚠ cpu · 12.4 ms · GPU idle: x, model are on cpu');
    expect(lineWith({ ...idle, gpu: null })).toBe('⚠ cpu · 12.4 ms · x, model are on cpu');
    expect(lineWith({ ...idle, left_on_cpu: ['a', 'b', 'c', 'd', 'e'] })).toBe(
      '⚠ cpu · 12.4 ms · a, b, c and 2 more are on cpu',
    );
    expect(lineWith({ device: 'cpu', accelerator: null })).toBe('✓ cpu · 12.4 ms');
  });

  test('the rate is told when the operations are known', () => {
    expect(lineWith({ flops: 2 * 4096 ** 3 })).toBe('✓ mps · 12.4 ms · 11.1 TFLOP/s');
    expect(lineWith({ flops: 2 * 64 ** 3 })).toBe('✓ mps · 12.4 ms');
  });

  test('the rate is a share of the chip, where chip and cores are known and the GPU computed', () => {
    const peak = chipPeak('Apple M3 Max', 40);
    const rate = (change: Partial<Report>): string | null =>
      rateText({ ...report, flops: 2 * 4096 ** 3, ...change }, peak);
    expect(rate({ wall: 24e6 })).toBe('5.73 TFLOP/s (40% of M3 Max)');
    expect(rate({ wall: 24e6, device: 'mlx gpu' })).toBe('5.73 TFLOP/s (40% of M3 Max)');
    expect(rate({ wall: 24e6, device: 'cpu' })).toBe('5.73 TFLOP/s');
    expect(chipPeak('Apple M3 Max', null)).toBeNull();
    expect(chipPeak('Apple M5', 10)).toBeNull();
    expect(chipPeak('AMD EPYC', 8)).toBeNull();
  });

  test('lazy arrays are computed for the time, or not in it', () => {
    expect(lineWith({ unevaluated: 2, evaluated: 5e6 })).toContain('2 lazy arrays computed');
    expect(lineWith({ unevaluated: 1, evaluated: 0 })).toContain('1 lazy array not in the time');
  });
});

describe('what a cell prints', () => {
  const printed = (...texts: readonly string[]): string =>
    printedText(stateAfter(started, ...texts.map(print)));

  test('a progress bar leaves its last line, however it is split', () => {
    expect(printed('  0%|    |\r 50%|##  |\r100%|####|\ndone\n')).toBe('100%|####|\ndone\n');
    expect(printed('a 1\r', 'a 2\r', 'a 3', '\n')).toBe('a 3\n');
    expect(printed('long line\r', 'ab')).toBe('abng line');
    expect(printed('\x1b[31mred\x1b[0m\rplain')).toBe('plain');
    expect(printed('crlf\r', '\nnext\r\n')).toBe('crlf\nnext\n');
  });

  test('a million redrawn bars take no more room than one', () => {
    const state = Array.from({ length: 2_000 }, (_, i) => print(`\r${i}${' '.repeat(500)}`)).reduce(
      reduceCell,
      stateAfter(started),
    );
    expect(printedText(state).trim()).toBe('1999');
    expect(printedText(state).length).toBeLessThan(600);
  });

  test('the end of very long output is kept', () => {
    const state = Array.from({ length: 50 }, (_, i) => print(`${i} `.repeat(10_000))).reduce(
      reduceCell,
      stateAfter(started, print('first\n')),
    );
    const text = printedText(state);
    expect(text.length).toBeLessThanOrEqual(longestText);
    expect(text.endsWith('49 49 ')).toBe(true);
  });
});

test('the user chooses the parts of the line and their order', () => {
  const state = stateAfter(started, report, done);
  const line = (parts: readonly InlinePart[], earlier: readonly number[] = []) =>
    reportLine(state, { seconds: 0, parts, earlier, peak: null })?.text;
  expect(line(['time', 'device'])).toBe('✓ 12.4 ms · mps');
  expect(line(['memory'])).toBe('✓ +512 MB');
  expect(line(inlineParts, [6.2e6, 6.2e6, 6.1e6])).toBe(
    '✓ mps · 12.4 ms · 2.0x slower than before · +512 MB',
  );
});

import { describe, expect, test } from 'vitest';
import { CopyLog, withCopyLog } from '../../client/src/kernel/copyLog.ts';

/**
 * Built from CopyInfo::toString and buildTensorString of aten/src/ATen/mps/MPSProfiler.mm and format_size of
 * MPSAllocator.h: not seen on a Mac.
 */
const samples = {
  toMps: 'BlitCopySync: CPU:Float[1024, 1024] --> MPS:Float[1024, 1024] (len=4.00 MB)\n',
  toMpsNonBlocking: 'BlitCopy: CPU:Half[3] --> MPS:Half[3] (len=6 bytes)\n',
  fromMps: 'BlitCopySync: MPS:BFloat16[10, 100] --> CPU:BFloat16[10, 100] (len=1.95 KB)\n',
  scalar: 'BlitCopySync: MPS:Long[] --> CPU:Long[] (len=8 bytes)\n',
  buffers: 'BlitCopySync: CPU:0x16f0a4000 --> MPS:0x12e604b70 (len=2.50 GB)\n',
  withBufferIds: 'BlitCopySync: CPU:Float[2] --> MPS(buf#12:1):Float[2] (len=8 bytes)\n',
  withTimes:
    'MemCopySync: CPU:Float[2] --> MPS:Float[2] (len=8 bytes, gpu=0.324 ms, cpu=0.036 ms)\n',
  onMps: 'MemCopy: MPS:Float[5] --> MPS:Float[5] (len=20 bytes)\n',
};

const countOf = (...texts: readonly string[]): { shown: string; copies: unknown } => {
  const log = new CopyLog();
  const shown = texts.map((text) => log.take(text)).join('');
  return { shown: shown + log.release(), copies: log.counted() };
};

describe('the log of copies', () => {
  test.each([
    ['toMps', 'MPS', 4_194_304],
    ['toMpsNonBlocking', 'MPS', 6],
    ['fromMps', 'CPU', 1_997],
    ['scalar', 'CPU', 8],
    ['buffers', 'MPS', 2_684_354_560],
    ['withBufferIds', 'MPS', 8],
    ['withTimes', 'MPS', 8],
  ] as const)('%s: one to %s', (name, to, bytes) => {
    expect(countOf(samples[name])).toEqual({ shown: '', copies: [{ to, count: 1, bytes }] });
  });

  test('copies within MPS are no copies of the host', () => {
    expect(countOf(samples.onMps)).toEqual({ shown: '', copies: [] });
  });

  test('adds up by direction and shows what else is printed, however it is split', () => {
    const text = `half a line${samples.toMps}warning: MemCopy is a word\n${samples.scalar}${samples.toMps}Blit`;
    const expected = {
      shown: 'half a linewarning: MemCopy is a word\nBlit',
      copies: [
        { to: 'MPS', count: 2, bytes: 8_388_608 },
        { to: 'CPU', count: 1, bytes: 8 },
      ],
    };
    expect(countOf(text)).toEqual(expected);
    expect(countOf(...text)).toEqual(expected);
    for (let at = 0; at < text.length; at += 7)
      expect(countOf(text.slice(0, at), text.slice(at))).toEqual(expected);
  });

  test('counts anew for each cell, and holds back no line that is too long to be one', () => {
    const log = new CopyLog();
    log.take(samples.toMps);
    expect(log.counted()).toHaveLength(1);
    expect(log.counted()).toEqual([]);
    const long = `BlitCopy${'x'.repeat(5_000)}`;
    expect(log.take(long)).toBe(long);
  });

  test.each([
    [undefined, '2'],
    ['1', '3'],
    ['0x80', '130'],
    ['nonsense', '2'],
  ])('%s in the environment becomes %s', (before, after) => {
    const name = 'PYTORCH_MPS_LOG_PROFILE_INFO';
    expect(withCopyLog(before === undefined ? {} : { [name]: before })).toEqual({ [name]: after });
  });
});

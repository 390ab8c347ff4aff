import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../client/src/kernel/messages.gen.ts';
import type { Output, StreamName } from '../../client/src/kernel/outputMerge.ts';
import { OutputMerge } from '../../client/src/kernel/outputMerge.ts';

const nonce = '0123456789abcdef';
const mark = (kind: 'e' | 's', number: number): string =>
  `\x1b]smelt;${nonce};${kind}${number}\x07`;

/** What a kernel does: writes to one stream, or sends an event. */
type Act = { readonly stream: StreamName; readonly text: string } | { readonly event: true };

interface Wire {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly events: readonly Event[];
  /** What must come out: text of one stream in a row is one piece. */
  readonly expected: readonly string[];
}

/** What the kernel puts on its three pipes (python-runtime/smelt_runtime/channel.py). */
function wireOf(acts: readonly Act[]): Wire {
  const out = { stdout: '', stderr: '' };
  const events: Event[] = [];
  const expected: string[] = [];
  let number = 0;
  let last: StreamName = 'stdout';
  const write = (kind: 'e' | 's'): void => {
    number += 1;
    out.stdout += mark(kind, number);
    out.stderr += mark(kind, number);
  };
  for (const act of acts) {
    if ('event' in act) {
      write('e');
      events.push({ type: 'log', mark: number, text: `event ${number}` });
      expected.push(`event ${number}`);
      continue;
    }
    if (act.stream !== last) {
      write('s');
      last = act.stream;
    }
    out[act.stream] += act.text;
    const previous = expected.at(-1);
    if (previous?.startsWith(`${act.stream}:`)) expected[expected.length - 1] = previous + act.text;
    else expected.push(`${act.stream}:${act.text}`);
  }
  return { stdout: Buffer.from(out.stdout), stderr: Buffer.from(out.stderr), events, expected };
}

/** Joins what the merge delivers as `expected` is joined. */
class Delivered {
  readonly pieces: string[] = [];
  take(item: Output | Event): void {
    if (item.type === 'log') {
      this.pieces.push(item.text);
      return;
    }
    if (item.type !== 'output') return;
    const previous = this.pieces.at(-1);
    if (previous?.startsWith(`${item.stream}:`))
      this.pieces[this.pieces.length - 1] = previous + item.text;
    else this.pieces.push(`${item.stream}:${item.text}`);
  }
}

const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom(
    '\x1b',
    '\x1b]',
    '\x1b]smelt;',
    '\x1b]smelt;0123',
    '\x1b[31mred\x1b[0m',
    '\r\n',
    'ü€𝄞',
  ),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ stream: fc.constantFrom<StreamName>('stdout', 'stderr'), text }),
  },
  { weight: 1, arbitrary: fc.constant<Act>({ event: true }) },
);

test('output and events come out in their order, however the pipes cut and race', () => {
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 30 }),
      fc.array(fc.nat(7), { minLength: 5, maxLength: 200 }),
      (acts, cuts) => {
        const wire = wireOf(acts);
        const delivered = new Delivered();
        const merge = new OutputMerge((item) => delivered.take(item));
        const rest = { stdout: wire.stdout, stderr: wire.stderr };
        const events = [...wire.events];
        // Which pipe is read next, and how much of it, is as arbitrary as in life.
        for (let i = 0; rest.stdout.length + rest.stderr.length + events.length > 0; i += 1) {
          const cut = cuts[i % cuts.length] ?? 0;
          const left = [
            ...(['stdout', 'stderr'] as const).filter((name) => rest[name].length > 0),
            ...(events.length > 0 ? (['events'] as const) : []),
          ];
          const stream = left[cut % left.length] ?? 'events';
          if (stream === 'events') {
            merge.event(events.shift() as Event);
            continue;
          }
          merge.output(stream, rest[stream].subarray(0, cut + 1));
          rest[stream] = rest[stream].subarray(cut + 1);
        }
        merge.end();
        expect(delivered.pieces).toEqual(wire.expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('text is delivered at once, and not when its line or its cell ends', () => {
  const delivered = new Delivered();
  const merge = new OutputMerge((item) => delivered.take(item));
  merge.output('stdout', Buffer.from('half a li'));
  expect(delivered.pieces).toEqual(['stdout:half a li']);
});

test('an event whose marks cannot come is delivered all the same', () => {
  const delivered = new Delivered();
  const merge = new OutputMerge((item) => delivered.take(item));
  merge.event({ type: 'log', mark: 0, text: 'no pipe' });
  expect(delivered.pieces).toEqual(['no pipe']);
});

test('a kernel that dies in the middle of a mark loses nothing before it', () => {
  const delivered = new Delivered();
  const merge = new OutputMerge((item) => delivered.take(item));
  merge.output('stdout', Buffer.from(`before${mark('e', 1)}after\x1b]smelt;01`));
  merge.event({ type: 'log', mark: 1, text: 'event' });
  merge.end();
  expect(delivered.pieces).toEqual(['stdout:before', 'event', 'stdout:after\x1b]smelt;01']);
});

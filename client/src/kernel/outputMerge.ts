import { StringDecoder } from 'node:string_decoder';
import type { Event } from './messages.gen.ts';

export type StreamName = 'stdout' | 'stderr';

export interface Output {
  readonly type: 'output';
  readonly stream: StreamName;
  readonly text: string;
}

/** What one descriptor holds: text, and marks between. */
type Piece = string | Mark;

interface Mark {
  readonly event: boolean;
  readonly number: number;
}

/** What one descriptor has brought and nobody has heard. */
interface StreamRest {
  readonly pieces: readonly Piece[];
  readonly held: string;
  /** The beginning of a character, in base64. */
  readonly bytes: string;
  readonly passed: number;
}

/** What is known and not told yet, as JSON. */
export interface MergeRest {
  readonly stdout: StreamRest;
  readonly stderr: StreamRest;
  readonly events: readonly Event[];
  readonly current: StreamName;
  readonly unordered: boolean;
}

/** One descriptor: bytes in, text and marks out, however they are split. */
class MarkedStream {
  readonly pieces: Piece[];
  /** The last mark that everything before has been told of. */
  passed: number;
  private readonly decoder = new StringDecoder('utf8');
  private bytes: Buffer;
  private held: string;

  constructor(rest?: StreamRest) {
    this.pieces = [...(rest?.pieces ?? [])];
    this.passed = rest?.passed ?? 0;
    this.held = rest?.held ?? '';
    this.bytes = Buffer.from(rest?.bytes ?? '', 'base64');
    this.decoder.write(this.bytes);
  }

  rest(): StreamRest {
    const { pieces, held, passed } = this;
    return { pieces, held, passed, bytes: unfinished(this.bytes).toString('base64') };
  }

  push(chunk: Buffer): void {
    this.bytes = chunk.length > 3 ? chunk : Buffer.concat([this.bytes.subarray(-3), chunk]);
    this.read(this.held + this.decoder.write(chunk), false);
  }

  end(): void {
    this.read(this.held + this.decoder.end(), true);
  }

  /** A text that may be the beginning of a mark waits for the rest. */
  private read(text: string, final: boolean): void {
    const pattern = /\x1b\]smelt;[0-9a-f]{16};([es])(\d+)\x07/g;
    let at = 0;
    for (const match of text.matchAll(pattern)) {
      this.add(text.slice(at, match.index));
      this.pieces.push({ event: match[1] === 'e', number: Number(match[2]) });
      at = match.index + match[0].length;
    }
    const rest = text.slice(at);
    const last = final ? -1 : rest.lastIndexOf('\x1b');
    const isBeginning = last >= 0 && beginning.test(rest.slice(last));
    this.held = isBeginning ? rest.slice(last) : '';
    this.add(isBeginning ? rest.slice(0, last) : rest);
  }

  private add(text: string): void {
    if (text !== '') this.pieces.push(text);
  }
}

/** The first bytes of a UTF-8 character whose others have not come. */
function unfinished(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.subarray(-back) : Buffer.alloc(0);
    }
  }
  return Buffer.alloc(0);
}

/** Every proper prefix of a mark. */
const beginning =
  /^\x1b(?:$|\](?:$|s(?:$|m(?:$|e(?:$|l(?:$|t(?:$|;[0-9a-f]{0,16}$|;[0-9a-f]{16};(?:[es]\d*)?$)))))))/;

/**
 * Puts a kernel's output and its events into the one order in which they happened. The kernel writes
 * the same marks to both outputs (python-runtime/smelt_runtime/messages.py): a mark is passed when
 * both have reached it and, for the mark of an event, when that event is here.
 */
export class OutputMerge {
  private readonly streams: Readonly<Record<StreamName, MarkedStream>>;
  private readonly events: Map<number, Event>;
  private unordered: boolean;
  private joining = false;
  /** Where Python writes now; what C code writes to the other one came later. */
  private current: StreamName;
  private readonly deliver: (item: Output | Event) => void;

  /** @param rest what another merge of the same kernel has left */
  constructor(deliver: (item: Output | Event) => void, rest?: MergeRest) {
    this.deliver = deliver;
    this.streams = {
      stdout: new MarkedStream(rest?.stdout),
      stderr: new MarkedStream(rest?.stderr),
    };
    this.events = new Map(rest?.events.map((event) => [event.mark, event]));
    this.current = rest?.current ?? 'stdout';
    this.unordered = rest?.unordered ?? false;
  }

  rest(): MergeRest {
    const { current, unordered } = this;
    return {
      stdout: this.streams.stdout.rest(),
      stderr: this.streams.stderr.rest(),
      events: [...this.events.values()],
      current,
      unordered,
    };
  }

  /**
   * Another merge has taken marks and events with it, nobody knows which: until the kernel answers
   * `attach`, no text waits for anything, and an event only for what was printed before it.
   */
  join(): void {
    this.joining = true;
  }

  output(stream: StreamName, chunk: Buffer): void {
    this.streams[stream].push(chunk);
    this.advance();
  }

  event(event: Event): void {
    if (event.mark === 0) {
      // A pipe is gone: no mark will come that an event could wait for.
      this.unordered = true;
      this.advance();
      this.deliver(event);
      return;
    }
    this.events.set(event.mark, event);
    this.advance();
  }

  /** The kernel is gone: what is left comes out, in the order that can still be told. */
  end(): void {
    this.streams.stdout.end();
    this.streams.stderr.end();
    this.joining = false;
    this.advance();
    this.unordered = true;
    this.advance();
  }

  private advance(): void {
    if (this.joining) this.advanceApart();
    else this.advanceTogether();
  }

  private advanceApart(): void {
    const { stdout, stderr } = this.streams;
    for (const name of ['stdout', 'stderr'] as const) {
      for (this.text(name); this.streams[name].pieces.length > 0; this.text(name)) this.pass(name);
    }
    const passed = Math.min(stdout.passed, stderr.passed);
    for (const [number, event] of this.events) {
      if (number > passed) break;
      this.events.delete(number);
      if (event.type === 'attached') this.joining = false;
      this.deliver(event);
    }
  }

  private advanceTogether(): void {
    const { stdout, stderr } = this.streams;
    for (;;) {
      this.text(this.current);
      this.text(this.current === 'stdout' ? 'stderr' : 'stdout');
      const first = stdout.pieces[0] as Mark | undefined;
      const second = stderr.pieces[0] as Mark | undefined;
      const mark = earlier(first, second);
      if (mark === undefined) break;
      if (!this.unordered) {
        if (!hasCome(stdout, mark) || !hasCome(stderr, mark)) return;
        if (mark.event && !this.events.has(mark.number)) return;
      }
      if (first?.number === mark.number) this.pass('stdout');
      if (second?.number === mark.number) this.pass('stderr');
      if (!mark.event) this.current = this.current === 'stdout' ? 'stderr' : 'stdout';
      const event = this.events.get(mark.number);
      if (event !== undefined) {
        this.events.delete(mark.number);
        this.deliver(event);
      }
    }
    if (!this.unordered) return;
    for (const event of this.events.values()) this.deliver(event);
    this.events.clear();
  }

  private pass(name: StreamName): void {
    const stream = this.streams[name];
    stream.passed = (stream.pieces.shift() as Mark).number;
  }

  /** Delivers the text before the next mark of one stream. */
  private text(stream: StreamName): void {
    const { pieces } = this.streams[stream];
    let text = '';
    while (typeof pieces[0] === 'string') text += pieces.shift() as string;
    if (text !== '') this.deliver({ type: 'output', stream, text });
  }
}

/** They differ only where another window has read one output further than the other. */
const earlier = (first: Mark | undefined, second: Mark | undefined): Mark | undefined =>
  first === undefined || (second !== undefined && second.number < first.number) ? second : first;

/** Has a stream reached a mark, or passed it already? */
const hasCome = ({ pieces, passed }: MarkedStream, mark: Mark): boolean =>
  pieces.length > 0 || passed >= mark.number;

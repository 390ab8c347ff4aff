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

/** One descriptor: bytes in, text and marks out, however they are split. */
class MarkedStream {
  readonly pieces: Piece[] = [];
  private readonly decoder = new StringDecoder('utf8');
  private held = '';

  push(chunk: Buffer): void {
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

/** Every proper prefix of a mark. */
const beginning =
  /^\x1b(?:$|\](?:$|s(?:$|m(?:$|e(?:$|l(?:$|t(?:$|;[0-9a-f]{0,16}$|;[0-9a-f]{16};(?:[es]\d*)?$)))))))/;

/**
 * Puts a kernel's output and its events into the one order in which they happened. The kernel writes
 * the same marks to both outputs (python-runtime/smelt_runtime/messages.py): a mark is passed when
 * both have reached it and, for the mark of an event, when that event is here.
 */
export class OutputMerge {
  private readonly streams = { stdout: new MarkedStream(), stderr: new MarkedStream() };
  private readonly events = new Map<number, Event>();
  private unordered = false;
  /** Where Python writes now; what C code writes to the other one came later. */
  private current: StreamName = 'stdout';
  private readonly deliver: (item: Output | Event) => void;

  constructor(deliver: (item: Output | Event) => void) {
    this.deliver = deliver;
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
    this.advance();
    this.unordered = true;
    this.advance();
  }

  private advance(): void {
    const { stdout, stderr } = this.streams;
    for (;;) {
      this.text(this.current);
      this.text(this.current === 'stdout' ? 'stderr' : 'stdout');
      const first = stdout.pieces[0] as Mark | undefined;
      const second = stderr.pieces[0] as Mark | undefined;
      const mark = first ?? second;
      if (mark === undefined) break;
      if (!this.unordered) {
        if (first === undefined || second === undefined) return;
        if (mark.event && !this.events.has(mark.number)) return;
      }
      if (first !== undefined) stdout.pieces.shift();
      if (second !== undefined) stderr.pieces.shift();
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

  /** Delivers the text before the next mark of one stream. */
  private text(stream: StreamName): void {
    const { pieces } = this.streams[stream];
    let text = '';
    while (typeof pieces[0] === 'string') text += pieces.shift() as string;
    if (text !== '') this.deliver({ type: 'output', stream, text });
  }
}

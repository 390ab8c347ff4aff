import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between findings and the collection: what else an editor asks for after a change goes first. */
const pause = 30;

type Collect = (options: { readonly type: 'minor' }) => void;

/** Young garbage is collected while nobody waits, instead of in the middle of every seventh keystroke. */
export class IdleCollection {
  private timer: NodeJS.Timeout | undefined;
  private collect: Collect | undefined;
  private readonly worthwhile: number;

  /** @param bytes of new objects that are worth it: one analysis of a long file makes more, and not many fit. */
  constructor(bytes = 6_000_000) {
    this.worthwhile = bytes;
  }

  /** Somebody waits for findings. */
  postpone(): void {
    clearTimeout(this.timer);
  }

  /** Findings have been sent. */
  schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), pause);
    this.timer.unref();
  }

  private run(): void {
    if (youngBytes() < this.worthwhile) return;
    if (this.collect === undefined) {
      // There is no other way to it for who has not started the process.
      setFlagsFromString('--expose-gc');
      this.collect = runInNewContext('gc') as Collect;
    }
    this.collect({ type: 'minor' });
  }
}

/** Size of what has been made since the last collection. */
function youngBytes(): number {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return young?.space_used_size ?? 0;
}

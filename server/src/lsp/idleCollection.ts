import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds after a change in which the next one is not expected yet: ten keystrokes a second are many. */
const pause = 30;

/** Bytes of new objects. Collecting those of a few analyses takes as long as one. */
const worthwhile = 8_000_000;

type Collect = (options: { readonly type: 'minor' }) => void;

/** Young garbage is collected while nobody waits, instead of in the middle of every seventh keystroke. */
export class IdleCollection {
  private timer: NodeJS.Timeout | undefined;
  private collect: Collect | undefined;

  /** Something has been analysed, or is about to be. */
  changed(): void {
    if (this.timer === undefined) {
      this.timer = setTimeout(() => this.run(), pause);
      this.timer.unref();
    } else this.timer.refresh();
  }

  private run(): void {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if ((young?.space_used_size ?? 0) < worthwhile) return;
    if (this.collect === undefined) {
      // There is no other way to it for who has not started the process.
      setFlagsFromString('--expose-gc');
      this.collect = runInNewContext('gc') as Collect;
    }
    this.collect({ type: 'minor' });
  }
}

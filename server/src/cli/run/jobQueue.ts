/** Numbers from 0 that several threads take, each once. */
export class JobQueue {
  /** What another thread makes the same queue from. */
  readonly shared: SharedArrayBuffer;
  private readonly next: Int32Array;
  private readonly length: number;

  constructor(length: number, shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.length = length;
    this.shared = shared;
    this.next = new Int32Array(shared);
  }

  /** null: all are taken. */
  take(): number | null {
    const taken = Atomics.add(this.next, 0, 1);
    return taken < this.length ? taken : null;
  }

  /** Nobody gets another one. */
  close(): void {
    Atomics.store(this.next, 0, this.length);
  }
}

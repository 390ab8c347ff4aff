import { setFlagsFromString } from 'node:v8';

/** Milliseconds after which a run is long. */
const longRun = 1_000;

/**
 * V8's optimizing compilers. They take a quarter of the work of a run that ends within a second and give
 * nothing back before its end, so they are off at first: in all threads, which share V8's flags.
 */
export class OptimizingCompilers {
  private readonly start = performance.now();
  private areOff = true;

  constructor() {
    setFlagsFromString('--no-maglev');
    setFlagsFromString('--no-opt');
  }

  /** To be called now and then. */
  step(): void {
    if (!this.areOff || performance.now() - this.start < longRun) return;
    this.areOff = false;
    setFlagsFromString('--maglev');
    setFlagsFromString('--opt');
  }
}

import { setFlagsFromString } from 'node:v8';

/** Milliseconds after its start from which a process is one that runs long. */
const longRun = 1_000;

let areOn = true;

/**
 * V8's optimizing compilers. They take a quarter of the work of a run that ends within a second and give
 * nothing back before its end, so they are off at first: in all threads, which share V8's flags. To be
 * called at the beginning of a run, and now and then in it.
 */
export function chooseCompilers(): void {
  const areWanted = performance.now() >= longRun;
  if (areWanted === areOn) return;
  areOn = areWanted;
  for (const flag of areWanted ? ['--maglev', '--opt'] : ['--no-maglev', '--no-opt'])
    setFlagsFromString(flag);
}

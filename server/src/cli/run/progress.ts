const delay = 1000;
const interval = 100;
const width = 30;

export interface Progress {
  readonly step: () => void;
  readonly end: () => void;
}

/** A bar on stderr, in a terminal only, once the work has lasted a second. */
export function showProgress(total: number, quiet: boolean): Progress {
  const { stderr } = process;
  if (!stderr.isTTY || quiet) return { step: () => {}, end: () => {} };
  const begin = Date.now();
  let done = 0;
  let drawn = 0;
  return {
    step: () => {
      done++;
      const now = Date.now();
      if (now - begin < delay || now - drawn < interval) return;
      drawn = now;
      const filled = Math.round((done / total) * width);
      stderr.cursorTo(0);
      stderr.write(`${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total} files`);
      stderr.clearLine(1);
    },
    end: () => {
      if (drawn === 0) return;
      stderr.cursorTo(0);
      stderr.clearLine(0);
    },
  };
}

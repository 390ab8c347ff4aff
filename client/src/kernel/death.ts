import { basename } from 'node:path';
import { formatBytes } from '../views/format.ts';
import { parseFault } from './fault.ts';
import type { Explanation } from './knownErrors.ts';
import { explain } from './knownErrors.ts';
import type { Exit } from './launchFailure.ts';
import { endCause } from './launchFailure.ts';
import { memoryLimit } from './memoryWatch.ts';
import type { Frame } from './messages.gen.ts';

/** Why a kernel died in the middle of a cell, and where it was. */
export interface Death {
  /** One or two sentences. */
  readonly cause: string;
  /** Where Python was, innermost last; empty when the system gave it no time to tell. */
  readonly frames: readonly Frame[];
  readonly explanation: Explanation | null;
}

export interface LastWords {
  readonly exit: Exit;
  /** File of the cell that ran. */
  readonly filename: string;
  /** The end of what came on stderr. */
  readonly stderr: string;
  /** Bytes that the process held at the last look. */
  readonly memory: number | null;
  /** The folder python-runtime. */
  readonly runtime: string;
}

/** Above this share of the machine's memory it is worth saying how much the kernel held. */
const notable = 0.6;

export function deathOf({ exit, filename, stderr, memory, runtime }: LastWords): Death {
  const frames = parseFault(exit.fault ?? '')?.frames ?? [];
  const at = frames.findLast((frame) => frame.filename === filename) ?? frames.at(-1);
  const explanation = exit.code !== null ? null : explain(runtime, stderr);
  const where = at === undefined ? '' : `, at line ${at.line + 1} of ${basename(at.filename)}`;
  const cause = endCause(exit).replace(/\.$/, `${where}.`);
  const limit = memoryLimit();
  const tellsMemory = memory !== null && (exit.signal === 'SIGKILL' || memory > notable * limit);
  return {
    cause: [
      cause,
      ...(explanation === null ? [] : [explanation.text]),
      ...(tellsMemory ? [`It held ${formatBytes(memory)} of ${formatBytes(limit)}.`] : []),
    ].join(' '),
    frames,
    explanation,
  };
}

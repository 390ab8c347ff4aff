import type { Frame } from './messages.gen.ts';

/** What Python's faulthandler leaves behind when native code kills the process. */
export interface Fault {
  /** `Segmentation fault`. */
  readonly reason: string;
  /** Frames of the thread that ran Python, innermost last, lines 0-based. */
  readonly frames: readonly Frame[];
}

/** Reads a faulthandler's text; null when it is none. */
export function parseFault(text: string): Fault | null {
  const reason = /^Fatal Python error: (.+)$/m.exec(text)?.[1];
  if (reason === undefined) return null;
  const threads = [...text.matchAll(/^(Current thread|Thread) .*\n((?: {2}.*\n?)*)/gm)].map(
    ([, which, frames = '']) => ({ died: which === 'Current thread', frames: framesOf(frames) }),
  );
  // When the thread that died ran no Python, one that waited for it tells more.
  const told = threads.filter(({ frames }) => frames.length > 0);
  return { reason, frames: (told.find(({ died }) => died) ?? told.at(-1))?.frames ?? [] };
}

const framesOf = (thread: string): Frame[] =>
  [...thread.matchAll(/^ {2}File "(.*)", line (\d+) in (.*)$/gm)]
    .map(([, filename = '', line, name = '']) => ({ filename, line: Number(line) - 1, name }))
    .reverse();

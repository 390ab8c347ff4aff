import { parseFault } from './fault.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when it could not be started at all: errno code of spawn. */
  readonly spawnError?: string;
  /** What Python's faulthandler wrote before native code ended the process. */
  readonly fault?: string;
}

/** The kernel did not come up. `message` is one sentence that names the cause. */
export class KernelStartError extends Error {
  /** What the interpreter printed before it ended. */
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.name = 'KernelStartError';
    this.output = output;
  }
}

const spawnErrors: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be executed',
  ENOTDIR: 'does not exist',
  ENOEXEC: 'is not a program for this machine',
  // macOS: errno 86, EBADARCH, "Bad CPU type in executable"; Node has no name for it.
  'Unknown system error -86': 'is an Intel (x86-64) program, and Rosetta is not installed',
};

export function startFailure(interpreter: string, exit: Exit, output: string): KernelStartError {
  if (exit.spawnError !== undefined) {
    const what = spawnErrors[exit.spawnError] ?? `cannot be started (${exit.spawnError})`;
    return new KernelStartError(`${interpreter} ${what}.`, output);
  }
  const lines = output.trim().split('\n');
  const last = lines.at(-1)?.trim() ?? '';
  if (last.startsWith('Smelt needs Python')) return new KernelStartError(last, output);
  const how = exit.signal === null ? `exit code ${exit.code}` : exit.signal;
  const why = last === '' ? 'It printed nothing.' : last;
  return new KernelStartError(`${interpreter} ended before it was ready (${how}): ${why}`, output);
}

const signals: Readonly<Record<string, string>> = {
  SIGKILL: 'was killed (SIGKILL), as the system does when memory runs out',
  SIGSEGV: 'crashed (SIGSEGV) in native code',
  SIGBUS: 'crashed (SIGBUS) in native code',
  SIGABRT: 'was aborted (SIGABRT) by native code, as Metal does when it cannot go on',
  SIGTERM: 'was asked to end (SIGTERM)',
};

/** Why a kernel that ran is gone, as one sentence. */
export function endCause(exit: Exit): string {
  if (exit.signal !== null) {
    return `The kernel ${signals[exit.signal] ?? `was ended by ${exit.signal}`}.`;
  }
  if (exit.code !== null) return `The kernel left with exit code ${exit.code}.`;
  // Started by another window: only its parent is told how a process ends.
  const reason = parseFault(exit.fault ?? '')?.reason;
  return reason === undefined
    ? 'The kernel is gone.'
    : `The kernel crashed in native code (${reason}).`;
}

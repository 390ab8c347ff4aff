import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';

/** Seconds that a kernel waits for a window after its own has gone. */
export const grace = 60;

export interface KernelLaunch {
  /** Path of the Python interpreter. */
  readonly interpreter: string;
  /** What starts it, before its path, as `arch -arm64` does the native half of a universal build. */
  readonly start?: readonly string[];
  /** The folder python-runtime. */
  readonly runtime: string;
  /** Working folder of the code that runs. */
  readonly folder: string;
  /** Variables for the kernel beside those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds that it waits for a window after its own has gone; absent: the usual ones. */
  readonly grace?: number;
}

/** The environment of a Python process that can import smelt_runtime. */
export function runtimeEnvironment(
  runtime: string,
  environment: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const all: NodeJS.ProcessEnv = { ...process.env, ...environment };
  // Set for VS Code's own processes; a Node program started by user code would become Electron.
  delete all.ELECTRON_RUN_AS_NODE;
  const path = all.PYTHONPATH;
  all.PYTHONPATH = path === undefined || path === '' ? runtime : runtime + delimiter + path;
  return all;
}

/** The program and the arguments that make an interpreter do one of smelt_runtime's commands. */
export const pythonCommand = (
  { interpreter, start = [] }: Pick<KernelLaunch, 'interpreter' | 'start'>,
  ...args: readonly string[]
): readonly [program: string, ...args: string[]] => {
  const [first = interpreter, ...rest] = [...start, interpreter];
  return [first, ...rest, '-m', 'smelt_runtime', ...args];
};

/** @param more arguments after the folder of the code */
export function spawnKernel(
  launch: KernelLaunch,
  more: readonly string[],
  stdio: StdioOptions,
): ChildProcess {
  const [program, ...args] = pythonCommand(launch, 'kernel', launch.folder, ...more);
  return spawn(program, args, {
    // Python puts its working folder first where it looks for modules: a typing.py of the user's would
    // otherwise be the kernel's.
    cwd: launch.runtime,
    env: runtimeEnvironment(launch.runtime, launch.environment),
    stdio,
    // A process group of its own, so that an interrupt reaches what the cell has started.
    detached: process.platform !== 'win32',
  });
}

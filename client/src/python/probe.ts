import { execFile } from 'node:child_process';
import type { KernelLaunch } from '../kernel/kernelLaunch.ts';
import { pythonCommand, runtimeEnvironment } from '../kernel/kernelLaunch.ts';
import { startFailure } from '../kernel/launchFailure.ts';
import type { Probe } from '../kernel/messages.gen.ts';
import { parseProbe } from '../kernel/messages.gen.ts';

/** Importing torch from a cold disk takes a while; a minute means that it hangs. */
const timeout = 60_000;

/** Asks an interpreter what it can compute on. Rejects with an error whose message is one sentence. */
export function probeInterpreter(
  options: Pick<KernelLaunch, 'interpreter' | 'start' | 'runtime' | 'environment'>,
): Promise<Probe> {
  const { interpreter, runtime, environment } = options;
  const [program, ...args] = pythonCommand(options, 'probe');
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { cwd: runtime, env: runtimeEnvironment(runtime, environment), timeout, maxBuffer: 1 << 24 },
      (error, stdout, stderr) => {
        const probe = error === null ? readProbe(stdout) : null;
        if (probe !== null) {
          resolve(probe);
          return;
        }
        if (error?.killed === true) {
          reject(new Error(`${interpreter} did not answer within ${timeout / 1000} seconds.`));
          return;
        }
        const code = error?.code;
        const signal = (error?.signal as string | undefined) ?? null;
        const exit =
          typeof code === 'string'
            ? { code: null, signal, spawnError: code }
            : { code: code ?? 0, signal };
        reject(startFailure(interpreter, exit, stderr));
      },
    );
  });
}

/** The last line: site hooks of the user may print before. */
function readProbe(stdout: string): Probe | null {
  try {
    return parseProbe(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  } catch {
    return null;
  }
}

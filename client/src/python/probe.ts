import { execFile } from 'node:child_process';
import { runtimeEnvironment } from '../kernel/kernelLaunch.ts';
import { startFailure } from '../kernel/launchFailure.ts';
import type { Probe } from '../kernel/messages.gen.ts';
import { parseProbe } from '../kernel/messages.gen.ts';

export interface ProbeOptions {
  readonly interpreter: string;
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Importing torch from a cold disk takes a while; a minute means that it hangs. */
const timeout = 60_000;

/** Asks an interpreter what it can compute on. Rejects with an error whose message is one sentence. */
export function probeInterpreter(options: ProbeOptions): Promise<Probe> {
  const { interpreter, runtime, environment } = options;
  return new Promise((resolve, reject) => {
    execFile(
      interpreter,
      ['-m', 'smelt_runtime', 'probe'],
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

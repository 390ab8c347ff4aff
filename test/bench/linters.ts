import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

/** One cold run of a command: its own process and those that it starts. */
export interface ColdRun {
  readonly seconds: number;
  /** Largest resident set. */
  readonly megabytes: number;
}

const cli = join(import.meta.dirname, '../../dist/cli.js');

/** ru_maxrss counts bytes on macOS and kilobytes elsewhere. */
const code = `
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"seconds": seconds, "megabytes": peak / (1e6 if sys.platform == "darwin" else 1e3)}))
`;

function coldRun(python: string, command: readonly string[]): ColdRun {
  const done = spawnSync(python, ['-c', code, ...command], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as ColdRun;
}

/** The sources of torch in an environment. */
function torchFolder(python: string): string {
  const find =
    'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])';
  return spawnSync(python, ['-c', find], { encoding: 'utf8' }).stdout.trim();
}

/** `smelt check` without its cache over a part of torch; "" for all of it. */
export const measureCheck = (python: string, part: string): ColdRun =>
  coldRun(python, [process.execPath, cli, 'check', '--no-cache', join(torchFolder(python), part)]);

/** TorchFix over the same part of torch, with all of its rules. */
export const measureTorchFix = (python: string, torchfix: string, part: string): ColdRun =>
  coldRun(python, [
    join(dirname(torchfix), 'torchfix'),
    '--select',
    'ALL',
    join(torchFolder(python), part),
  ]);

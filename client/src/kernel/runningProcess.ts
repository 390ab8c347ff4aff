import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** When a process was started, in words that only it has; null when there is no such process. */
export function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') return linuxState(pid).started;
    const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: environment,
      encoding: 'utf8',
    });
    const [, state = 'Z', started = ''] = /^\s*(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    return state.startsWith('Z') ? null : started.replaceAll(/\W+/g, '-');
  } catch {
    return null;
  }
}

/** Does a process live, one that nobody has collected excepted? */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || linuxState(pid).started !== null;
  } catch {
    return false;
  }
}

/** The name of a program is in parentheses and may hold anything; state is field 3, start field 22. */
function linuxState(pid: number): { started: string | null } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { started: fields[0] === 'Z' ? null : (fields[19] ?? null) };
}

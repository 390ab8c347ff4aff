import { cpus } from 'node:os';
import type { Interpreter } from './interpreters.ts';

/** A machine's processor as far as it matters here. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** process.arch: that of this process, which may itself run under Rosetta. */
  readonly arch: string;
  /** os.cpus()[0].model: "Apple M3 Max", also under Rosetta. */
  readonly processor: string;
  /** What starts the arm64 half of a universal program; absent: arch(1). */
  readonly asArm64?: readonly string[];
}

/** The machine that Smelt runs on. Tests put a recorded one in its place: there is no Mac to run them on. */
export class Host {
  machine: Machine = {
    platform: process.platform,
    arch: process.arch,
    processor: cpus()[0]?.model ?? '',
  };
}

export const isAppleSilicon = ({ platform, arch, processor }: Machine): boolean =>
  platform === 'darwin' && (arch === 'arm64' || processor.startsWith('Apple'));

export const intelPython =
  'is an Intel (x86-64) Python: it runs under Rosetta on this Mac, where torch has no MPS and MLX does not install.';

/** Why an interpreter cannot reach Metal on this machine, as one sentence; null when nothing is wrong. */
export function architectureProblem(
  { path, architectures }: Pick<Interpreter, 'path' | 'architectures'>,
  machine: Machine,
): string | null {
  if (!isAppleSilicon(machine) || architectures === null || architectures.includes('arm64'))
    return null;
  return `${path} ${intelPython}`;
}

/**
 * What starts an interpreter, before its path; empty: nothing has to. A universal build started from a program
 * under Rosetta runs as Intel, unless it is asked not to.
 */
export const nativeStart = (
  { architectures }: Pick<Interpreter, 'architectures'>,
  machine: Machine,
): readonly string[] =>
  isAppleSilicon(machine) &&
  architectures?.includes('arm64') === true &&
  architectures.includes('x86_64')
    ? (machine.asArm64 ?? ['/usr/bin/arch', '-arm64'])
    : [];

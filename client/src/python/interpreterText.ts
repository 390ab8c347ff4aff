import type { InstalledEnvironment } from '../../../server/src/protocol/messages.ts';
import type { Machine } from './architecture.ts';
import { architectureProblem, isAppleSilicon } from './architecture.ts';
import type { Interpreter } from './interpreters.ts';

/** What the picker says of an interpreter beside its name; all of it was read from files. */
export function interpreterText(
  { path, architectures }: Interpreter,
  installed: InstalledEnvironment | undefined,
  machine: Machine,
): string {
  const { torch, mlx } = installed?.versions ?? {};
  const parts = [
    installed?.python ? `Python ${installed.python}` : null,
    architectures === null ? null : architectures.join(' + '),
    torch === undefined ? null : `torch ${torch}`,
    mlx === undefined ? null : `mlx ${mlx}`,
    installed?.python && torch === undefined && mlx === undefined ? 'neither torch nor MLX' : null,
    metal(path, architectures, torch !== undefined || mlx !== undefined, machine),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function metal(
  path: string,
  architectures: Interpreter['architectures'],
  hasFramework: boolean,
  machine: Machine,
): string | null {
  if (!isAppleSilicon(machine)) return null;
  if (architectureProblem(path, architectures, machine) !== null) return 'Intel build: no Metal';
  return hasFramework ? 'Metal' : null;
}

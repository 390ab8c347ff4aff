import type { InstalledEnvironment } from '../../../server/src/protocol/messages.ts';
import type { Machine } from './architecture.ts';
import { architectureProblem, isAppleSilicon } from './architecture.ts';
import type { Interpreter } from './interpreters.ts';
import { isNewEnough } from './oldestPython.ts';

/** What the picker says of an interpreter beside its name; all of it was read from files. */
export function interpreterText(
  interpreter: Interpreter,
  installed: InstalledEnvironment | undefined,
  machine: Machine,
): string {
  const { architectures } = interpreter;
  const { torch, mlx } = installed?.versions ?? {};
  const parts = [
    installed?.python ? `Python ${installed.python}` : null,
    installed?.python && !isNewEnough(installed.python) ? 'too old for cells' : null,
    architectures === null ? null : architectures.join(' + '),
    torch === undefined ? null : `torch ${torch}`,
    mlx === undefined ? null : `mlx ${mlx}`,
    installed?.python && torch === undefined && mlx === undefined ? 'neither torch nor MLX' : null,
    metal(interpreter, torch !== undefined || mlx !== undefined, machine),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function metal(interpreter: Interpreter, hasFramework: boolean, machine: Machine): string | null {
  if (!isAppleSilicon(machine)) return null;
  if (architectureProblem(interpreter, machine) !== null) return 'Intel build: no Metal';
  return hasFramework ? 'Metal' : null;
}

import type { CallArguments } from './context.ts';
import { deviceTypeOf } from './values.ts';

/** `str(device).startswith("cuda")` on something unknown: never true on a Mac. */
export function asksForCuda(method: string, args: CallArguments): boolean {
  const argument = args.positional[0];
  return (
    method === 'startswith' &&
    argument?.kind === 'constant' &&
    typeof argument.value === 'string' &&
    deviceTypeOf(argument.value) === 'cuda'
  );
}

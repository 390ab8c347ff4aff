import type { Argument, CallExpression } from '../syntax/tree.ts';
import type { Edit } from './finding.ts';

/** Deletes an argument with the comma that goes with it. */
export function withoutArgument({ args }: CallExpression, argument: Argument): Edit {
  const i = args.indexOf(argument);
  const [before, after] = [args[i - 1], args[i + 1]];
  if (after !== undefined) return { start: argument.start, end: after.start, text: '' };
  return { start: before === undefined ? argument.start : before.end, end: argument.end, text: '' };
}

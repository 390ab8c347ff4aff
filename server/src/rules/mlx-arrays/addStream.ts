import type { CallExpression } from '../../syntax/tree.ts';
import type { Edit, Fix } from '../finding.ts';
import { fix } from '../rule.ts';

/** Runs one call on the CPU. It raised on the GPU, and on the CPU it stays what it was. */
export const addStream = (call: CallExpression, mx: string): Fix =>
  fix(`Run it on the CPU: stream=${mx}.cpu`, 'safe', () => [addArgument(call, `stream=${mx}.cpu`)]);

/** Puts a keyword argument behind the others. */
export function addArgument({ args, parens }: CallExpression, argument: string): Edit {
  const last = args.at(-1);
  const at = last === undefined ? parens.end - 1 : last.end;
  return { start: at, end: at, text: last === undefined ? argument : `, ${argument}` };
}

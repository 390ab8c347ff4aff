import { insertLinesAfter } from './edits.ts';
import type { Edit } from './finding.ts';
import type { RuleContext } from './rule.ts';

/** An expression for the best device of any machine, and the edits that make it available. */
export interface DeviceExpression {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** True when the file chooses its device already. */
  readonly existing: boolean;
}

/** The name of the file's own device selector before `offset`, else one to be inserted after `import torch`. */
export function deviceSelector(context: RuleContext, offset: number): DeviceExpression | null {
  const { facts, module } = context;
  const own = facts.deviceNames.find(({ boundAt }) => boundAt < offset);
  if (own !== undefined) return { name: own.name, edits: [], existing: true };
  const torch = facts.localNames.get('torch');
  if (torch === undefined || torch.statement.start > offset) return null;
  const name = ['device', 'DEVICE', 'torch_device'].find((free) => !facts.boundNames.has(free));
  if (name === undefined) return null;
  const line =
    `${name} = torch.device("cuda" if torch.cuda.is_available() ` +
    'else "mps" if torch.backends.mps.is_available() else "cpu")';
  const imports = lastTopLevelImport(context, torch.statement.start, offset);
  return {
    name,
    edits: [insertLinesAfter(module, imports, [line.replaceAll('torch.', `${torch.name}.`)])],
    existing: false,
  };
}

/** The last of the imports that follow `start` without other code between. */
function lastTopLevelImport(
  { module }: RuleContext,
  start: number,
  offset: number,
): { start: number; end: number } {
  let last = { start, end: start };
  for (const statement of module.body) {
    if (statement.start < start) continue;
    const isImport = statement.kind === 'import' || statement.kind === 'importFrom';
    if (!isImport || statement.end > offset) break;
    last = statement;
  }
  return last;
}

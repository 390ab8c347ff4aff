import type { Expression, Node, Statement } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';
import { insertLinesAfter } from './edits.ts';
import type { Edit } from './finding.ts';
import type { RuleContext } from './rule.ts';

/** An expression for the best device of any machine, and the edits that make it available. */
export interface DeviceExpression {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** True when the file chooses its device already. */
  readonly existing: boolean;
  /** True when it is the first CUDA device wherever there is CUDA, by what is written. */
  readonly keepsCuda: boolean;
}

/** The name of the file's own device selector before `offset`, else one to be inserted after `import torch`. */
export function deviceSelector(context: RuleContext, offset: number): DeviceExpression | null {
  const { facts, module } = context;
  const own = facts.deviceNames.find(({ boundAt }) => boundAt < offset);
  if (own !== undefined)
    return {
      name: own.name,
      edits: [],
      existing: true,
      keepsCuda: takesCudaFirst(own.name, module.body),
    };
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
    keepsCuda: true,
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

/** Is the name bound once, to "cuda" under nothing but `torch.cuda.is_available()`? */
function takesCudaFirst(name: string, body: readonly Statement[]): boolean {
  let takes = false;
  let bindings = 0;
  walk(body, (node) => {
    if (!binds(node, name)) return;
    bindings += 1;
    const value = node.kind === 'assign' ? unwrapped(node.value) : null;
    const isAlways = body.some((statement) => statement === node);
    takes ||=
      isAlways && value?.kind === 'conditional' && asksForCuda(value.test) && isCuda(value.body);
  });
  if (bindings === 1) return takes;
  const choice = body.find(
    (node) => node.kind === 'if' && asksForCuda(node.test) && assigns(node.body, name),
  );
  if (choice === undefined) return false;
  let inside = 0;
  walk([choice], (node) => {
    if (binds(node, name)) inside += 1;
  });
  return inside === bindings;
}

/** A parameter of the same name hides it, as a loop may change it. */
function binds(node: Node, name: string): boolean {
  if (node.kind === 'function') return node.parameters.some((one) => one.name?.text === name);
  if (node.kind === 'for') return isName(node.target, name);
  return node.kind === 'assign' && node.targets.some((target) => isName(target, name));
}

const isName = (node: Expression, name: string): boolean =>
  node.kind === 'name' && node.id === name;

const assigns = ([first]: readonly Statement[], name: string): boolean =>
  first?.kind === 'assign' &&
  first.targets.some((target) => isName(target, name)) &&
  isCuda(first.value);

/** What `torch.device(…)` is made of. */
const unwrapped = (node: Expression): Expression =>
  node.kind === 'call' &&
  node.callee.kind === 'attribute' &&
  node.callee.name.text === 'device' &&
  node.args.length === 1
    ? (node.args[0]?.value ?? node)
    : node;

function isCuda(node: Expression): boolean {
  const named = unwrapped(node);
  return named.kind === 'string' && named.value === 'cuda';
}

const asksForCuda = (test: Expression): boolean =>
  test.kind === 'call' &&
  test.callee.kind === 'attribute' &&
  test.callee.name.text === 'is_available' &&
  test.callee.object.kind === 'attribute' &&
  test.callee.object.name.text === 'cuda';

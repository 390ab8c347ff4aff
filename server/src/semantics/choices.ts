import { armsOf } from '../syntax/arms.ts';
import type {
  AssignStatement,
  Expression,
  IfStatement,
  ReturnStatement,
  Statement,
} from '../syntax/tree.ts';
import { beyondCuda } from '../tables/mac.ts';
import type { Context } from './context.ts';
import { report, shadow } from './context.ts';
import { chosenDevice, eachOf, isCpuChoice, isCudaChoice } from './deviceChoices.ts';
import type { SelectorFact } from './facts.ts';
import { comparesIndex, isGpuOption, isIndexOption } from './gpuOptions.ts';
import { blocksOf } from './scopes.ts';
import { bindTarget } from './targets.ts';
import type { Value } from './values.ts';
import { asDevice, deviceTypeOf, withChoice } from './values.ts';

/** Does the test ask for CUDA and for nothing else that a Mac has? */
export const asksOnlyForCuda = (asked: ReadonlySet<string>): boolean =>
  asked.has('cuda') && ![...beyondCuda].some((backend) => asked.has(backend));

/** `x.is_cuda`, `not x.is_cuda`: no tensor of a Mac is. */
export const isOfTensor = (test: Expression): boolean =>
  test.kind === 'unary'
    ? isOfTensor(test.operand)
    : test.kind === 'attribute' && test.name.text === 'is_cuda';

export const onlyCuda: ReadonlySet<string> = new Set(['cuda']);

/** `if cuda: device = "cuda"` with the CPU as what a Mac is left with. */
export function reportAssignedChoice(
  context: Context,
  node: IfStatement,
  arms: { readonly live: readonly Statement[]; readonly dead: readonly Statement[] },
  asked: ReadonlySet<string>,
): void {
  const byTensor = isOfTensor(node.test);
  if (!(asksOnlyForCuda(asked) || byTensor) || takesApart(node.test)) return;
  const valueAt = (expression: Expression): Value =>
    shadow(context, () => context.evaluate(eachOf(expression)));
  const found = (chosen: Value, deadStatement: Statement | null): void =>
    report(context, {
      kind: 'selector',
      node,
      form: 'if',
      chosen,
      ...(byTensor ? { asked: onlyCuda, by: 'tensor' } : { asked }),
      deadStatement,
    });
  for (const [name, { statement, target }] of assignedIn(arms.dead)) {
    // `device = cuda if isinstance(cuda, str)` may be one of several arms.
    const given = assignmentsTo(name, arms.dead).map(valueAt);
    if (!given.some((each) => chosenDevice(each) !== null && isCudaChoice(each))) continue;
    const left = valueAt(target);
    // Of several arms one may take what nothing is known of: `elif XLA_AVAILABLE: device = xm.xla_device()`.
    const others = left.kind === 'unknown' ? assignmentsTo(name, arms.live).map(valueAt) : [];
    const chosen = others.find(isCpuChoice) ?? left;
    if (isCpuChoice(chosen)) found(chosen, statement);
  }
  // `if not cuda: device = "cpu"` takes the place of whatever was asked for.
  if (arms.dead.length > 0 || arms.live !== node.body) return;
  for (const [name, { value }] of assignedIn(arms.live)) {
    const chosen = /device/i.test(name) ? valueAt(value) : null;
    if (chosen === null || chosenDevice(chosen) === null || !isCpuChoice(chosen)) continue;
    found(chosen, null);
    return;
  }
}

/** `if args.cuda: device = "cuda"` with the CPU as the other answer: an option chooses, and never MPS. */
export function reportOpenAssignment(context: Context, node: IfStatement): void {
  const isOption = isGpuOption(node.test);
  // An index has two answers; of a long chain each arm is asked once.
  if (!isOption && (!comparesIndex(node.test) || node.orElse[0]?.kind === 'if')) return;
  const [body, orElse] = [assignedIn(node.body), assignedIn(node.orElse)];
  for (const [name, { value, target }] of [...body, ...orElse]) {
    const isInBody = body.get(name)?.value === value;
    const other = (isInBody ? orElse : body).get(name)?.value;
    // An `elif` may know of MPS.
    if (other === undefined && (isInBody ? node.orElse : node.body).length > 0) continue;
    const written = [value, other ?? target];
    if (!isOption && !written.some((each) => isIndexOption(node.test, each))) continue;
    const values = written.map((each) => shadow(context, () => context.evaluate(each)));
    const chosen = values.find(isCpuChoice);
    const hasCuda = values.some((each) => chosenDevice(each) !== null && isCudaChoice(each));
    // What asks for CUDA itself is a choice of its own.
    if (chosen === undefined || !hasCuda || chosen.choice?.asked.has('cuda') === true) continue;
    report(context, {
      kind: 'selector',
      node,
      form: 'if',
      chosen,
      asked: onlyCuda,
      by: 'option',
      deadStatement: null,
    });
    return;
  }
}

/** `if device == "cpu": kind = "cpu"`: the device has been chosen before. */
export const takesApart = (test: Expression): boolean =>
  test.kind === 'compare' &&
  [test.left, ...test.operands].some(
    (side) => side.kind === 'string' && deviceTypeOf(side.value) !== null,
  );

/** `use_cuda = False` and then `if cuda: use_cuda = True`: what a Mac is left with was chosen by that test. */
export function rememberFlags(
  context: Context,
  dead: readonly Statement[],
  asked: ReadonlySet<string>,
): void {
  if (asked.size === 0) return;
  for (const { target, value } of assignedIn(dead).values()) {
    if (value.kind !== 'constant' || typeof value.value !== 'boolean') continue;
    const left = shadow(context, () => context.evaluate(target));
    if (left.kind === 'constant' && left.value === !value.value)
      bindTarget(context, target, withChoice(left, asked));
  }
}

interface Assigned {
  readonly statement: AssignStatement;
  readonly target: Expression;
  /** What is new about it: of `self.device or "cuda"` the device. */
  readonly value: Expression;
}

/** Arms of one `if` that are compared with each other. */
const comparedArms = 32;

/** More arms are a table, in which each would be compared with all that follow. */
function comparedBlocks(statement: IfStatement): readonly (readonly Statement[])[] {
  const isTable = armsOf(statement, comparedArms + 1).length > comparedArms;
  return isTable ? [statement.body] : blocksOf(statement);
}

/** The first assignments to one target each of an arm, and of the `if` statements in it, by the text of the target. */
function assignedIn(arm: readonly Statement[]): ReadonlyMap<string, Assigned> {
  const assigned = new Map<string, Assigned>();
  for (const statement of arm) {
    if (statement.kind === 'if')
      for (const body of comparedBlocks(statement))
        for (const [name, inner] of assignedIn(body))
          if (!assigned.has(name)) assigned.set(name, inner);
    const [target, ...others] = statement.kind === 'assign' ? statement.targets : [];
    const name = target === undefined || others.length > 0 ? null : targetName(target);
    if (statement.kind !== 'assign' || target === undefined || name === null) continue;
    const { value } = statement;
    const isFallback = value.kind === 'boolean' && value.operator === 'or';
    assigned.set(name, { statement, target, value: isFallback ? value.right : value });
  }
  return assigned;
}

/** All that the arms below give a target. */
const assignmentsTo = (name: string, arm: readonly Statement[]): Expression[] =>
  arm.flatMap((statement) => {
    if (statement.kind === 'if')
      return comparedBlocks(statement).flatMap((body) => assignmentsTo(name, body));
    const value = assignedIn([statement]).get(name)?.value;
    return value === undefined ? [] : [value];
  });

/** `device`, `self.device`; null for anything else. */
function targetName(target: Expression): string | null {
  if (target.kind === 'name') return target.id;
  if (target.kind !== 'attribute') return null;
  const object = targetName(target.object);
  return object === null ? null : `${object}.${target.name.text}`;
}

/** Of an arm, or of the first of its arms where it is an `elif`. */
function firstReturn(arm: readonly Statement[]): ReturnStatement | null {
  const [first, ...others] = arm;
  if (first?.kind === 'if' && others.length === 0) return firstReturn(first.body);
  return arm.find((other) => other.kind === 'return') ?? null;
}

/** `if use_cuda(): return "cuda"`, an option: what is returned instead is seen later. */
export function rememberOpenReturn(context: Context, node: IfStatement): void {
  if (isGpuOption(node.test)) rememberReturn(context, node, node.body, onlyCuda, 'option');
}

/** `if cuda: return "cuda"`: what is returned instead is seen later. */
export function rememberCudaReturn(
  context: Context,
  node: IfStatement,
  dead: () => readonly Statement[],
  asked: ReadonlySet<string>,
): void {
  if (asksOnlyForCuda(asked)) rememberReturn(context, node, dead(), asked);
}

function rememberReturn(
  context: Context,
  node: IfStatement,
  dead: readonly Statement[],
  asked: ReadonlySet<string>,
  by?: SelectorFact['by'],
): void {
  const statement = firstReturn(dead);
  if (statement === null || statement.value === null) return;
  const returned = statement.value;
  const given = shadow(context, () => context.evaluate(eachOf(returned)));
  if (chosenDevice(given) !== null && isCudaChoice(given)) {
    context.frame.cudaReturns.push({ node, statement, asked, ...(by === undefined ? {} : { by }) });
  }
}

export function reportReturnedChoice(context: Context, value: Value): void {
  if (chosenDevice(value)?.types.includes('mps') === true) context.frame.cudaReturns.length = 0;
  const choice = context.frame.cudaReturns.at(-1);
  if (choice === undefined || !isCpuChoice(value)) return;
  report(context, {
    kind: 'selector',
    node: choice.node,
    form: 'return',
    chosen: value,
    asked: choice.asked,
    ...(choice.by === undefined ? {} : { by: choice.by }),
    deadStatement: choice.statement,
  });
}

/** `if cuda: d = "cuda"`, and then `if mps: d = "mps"` with an `else` that overwrites both. */
export function reportClobber(
  context: Context,
  node: IfStatement,
  dead: readonly Statement[],
  asked: ReadonlySet<string>,
): void {
  for (const statement of dead) {
    const [target, ...others] = statement.kind === 'assign' ? statement.targets : [];
    if (statement.kind !== 'assign' || target?.kind !== 'name' || others.length > 0) continue;
    const given = shadow(context, () => context.evaluate(statement.value));
    const first = context.frame.cudaNames.get(target.id);
    if (asksOnlyForCuda(asked) && asDevice(given) !== null && isCudaChoice(given)) {
      context.frame.cudaNames.set(target.id, node);
    } else if (first !== undefined && first.end <= node.start && asked.has('mps')) {
      if (asked.has('cuda') || !isCpuChoice(given)) continue;
      report(context, { kind: 'clobber', node, first, name: target.id, overwrite: statement });
    }
  }
}

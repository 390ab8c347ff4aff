import type { Expression, IfStatement, Statement, TryStatement } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import type { Context } from './context.ts';
import { bind, report, shadow, skipCode } from './context.ts';
import { fork, joinStates } from './state.ts';
import { isUninstallable } from './uninstallable.ts';
import { union, unknown } from './values.ts';

/** The last parts of exception names: `torch.cuda.OutOfMemoryError`, `(A, B)`. */
export function namesOf(type: Expression | null): string[] {
  if (type === null) return ['BaseException'];
  if (type.kind === 'name') return [type.id];
  if (type.kind === 'attribute') return [type.name.text];
  if (type.kind === 'tuple') return type.elements.flatMap(namesOf);
  return [];
}

const raises = (body: readonly Statement[]): boolean =>
  body.some((statement) => statement.kind === 'raise');

export function executeTry(context: Context, node: TryStatement): void {
  reportOutOfMemory(context, node);
  const outerCaught = context.caught;
  const before = context.state === null ? null : fork(context.state);
  const swallowed = node.handlers
    .filter((handler) => !raises(handler.body))
    .flatMap((handler) => namesOf(handler.type));
  context.caught = union(outerCaught, new Set(swallowed));
  const failing = node.handlers.some(catchesImport)
    ? node.body.findIndex((statement) => cannotImport(context, statement))
    : -1;
  if (failing < 0) {
    context.execute(node.body);
  } else {
    // What the handler binds is what a Mac has.
    context.execute(node.body.slice(0, failing + 1));
    skipCode(context, node.body.slice(failing + 1));
    context.state = null;
  }
  context.caught = outerCaught;
  const afterBody = context.state === null ? null : fork(context.state);
  context.execute(node.orElse);
  let after = context.state;
  // An import of what is installed does not fail: its handler is for other machines.
  if (!node.body.every((statement) => isAssumedImport(statement))) {
    for (const handler of node.handlers) {
      const entered = before === null ? null : fork(before);
      context.state = joinStates(entered, afterBody === null ? null : fork(afterBody));
      if (failing >= 0 && !catchesImport(handler)) continue;
      if (handler.name !== null) bind(context, handler.name.text, unknown);
      context.execute(handler.body);
      after = joinStates(after, context.state);
    }
  }
  context.state = after;
  if (after !== null || before === null) {
    context.execute(node.finalBody);
    return;
  }
  // Every path left: the last block runs on the way out.
  context.state = fork(before);
  context.execute(node.finalBody);
  context.state = null;
}

/** `except torch.cuda.OutOfMemoryError:` */
function reportOutOfMemory(context: Context, { handlers }: TryStatement): void {
  const caught = handlers.flatMap(({ type }) => namesOf(type));
  if (!caught.includes('OutOfMemoryError')) return;
  if (['RuntimeError', 'Exception', 'BaseException'].some((name) => caught.includes(name))) return;
  for (const { type } of handlers)
    for (const node of type?.kind === 'tuple' ? type.elements : [type]) {
      const value = node === null ? unknown : shadow(context, () => context.evaluate(node));
      if (node !== null && value.kind === 'library' && ofMemory.has(value.name))
        report(context, { kind: 'outOfMemory', node });
    }
}

/** `if "CUDA out of memory" in str(error):`, where no arm knows what MPS says. */
export function reportOutOfMemoryText(context: Context, node: IfStatement): void {
  const text = comparedText(node.test);
  if (text === null) return;
  for (let [arm] = node.orElse; arm?.kind === 'if'; [arm] = arm.orElse)
    if (saysMps(arm.test)) return;
  report(context, { kind: 'outOfMemory', node: text });
}

/** `"MPS backend out of memory" in text`, `"out of memory" in text` */
const saysMps = (test: Expression): boolean =>
  (test.kind === 'string' && /^(?!CUDA).*out of memory|MPS/.test(test.value)) ||
  childrenOf(test).some((child) => saysMps(child as Expression));

/** Of `error.args[0].startswith("CUDA out of memory")` and the like the text, if it is all that is compared. */
function comparedText(test: Expression): Expression | null {
  if (test.kind === 'unary') return comparedText(test.operand);
  if (test.kind === 'boolean') {
    const [left, right] = [comparedText(test.left), comparedText(test.right)];
    // `"CUDA out of memory" in text or "out of memory" in text`
    return test.operator === 'or' ? null : (left ?? right);
  }
  const given =
    test.kind === 'compare' && /^(?:not )?in$/.test(test.operators[0] ?? '')
      ? test.left
      : test.kind === 'call' && namesOf(test.callee)[0] === 'startswith'
        ? test.args[0]?.value
        : undefined;
  return given?.kind === 'string' && given.value.startsWith('CUDA out of memory') ? given : null;
}

const ofMemory: ReadonlySet<string> = new Set([
  'torch.cuda.OutOfMemoryError',
  'torch.OutOfMemoryError',
]);

const catchesImport = ({ type }: TryStatement['handlers'][number]): boolean =>
  namesOf(type).some((name) =>
    ['ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException'].includes(name),
  );

/** Does a statement import what no Mac has? */
function cannotImport(context: Context, statement: Statement): boolean {
  const modules =
    statement.kind === 'import'
      ? statement.names.map(({ module }) => module)
      : statement.kind === 'importFrom' && statement.level === 0
        ? [statement.module]
        : [];
  return modules.some((module) => isUninstallable(context, module));
}

const assumedInstalled = new Set(['torch', 'mlx', 'numpy', 'os', 'sys', 'time', 'platform']);

function isAssumedImport(statement: Statement): boolean {
  if (statement.kind === 'import') {
    return statement.names.every((name) =>
      assumedInstalled.has(name.module.split('.')[0] as string),
    );
  }
  if (statement.kind === 'importFrom') {
    return statement.level === 0 && assumedInstalled.has(statement.module.split('.')[0] as string);
  }
  return false;
}

import type {
  AssignStatement,
  Expression,
  MagicStatement,
  Module,
  Span,
  Statement,
} from '../syntax/tree.ts';
import type { Context } from './context.ts';
import { report } from './context.ts';
import { step } from './state.ts';
import { pathsBetween } from './trail.ts';

/** Runs what a timer times, and tells what happened in the meantime. */
export function timeCode(
  context: Context,
  node: Span,
  last: Expression | AssignStatement | null,
  run: () => void,
): void {
  const start = context.state?.trail.number;
  run();
  if (start !== undefined) reportTimedCode(context, node, last, start);
}

function reportTimedCode(
  context: Context,
  node: Span,
  last: Expression | AssignStatement | null,
  start: number,
): void {
  const { state } = context;
  if (state === null || state.trail.number === start) return;
  const paths = pathsBetween(step(null, [state.trail]), start);
  if (paths !== null && paths.length > 0) report(context, { kind: 'timedCode', node, last, paths });
}

/** Runs the body of a module; what `%timeit` and its like time, and what a cell shows, included. */
export function runStatements(
  context: Context,
  module: Module,
  run: (statement: Statement) => boolean,
): void {
  let timer: { magic: MagicStatement; start: number; end: number } | null = null;
  let last: Expression | AssignStatement | null = null;
  const close = (): void => {
    if (timer !== null) reportTimedCode(context, timer.magic, last, timer.start);
    timer = null;
  };
  for (const statement of module.body) {
    if (timer !== null && statement.start >= timer.end) close();
    if (!run(statement)) return;
    last =
      statement.kind === 'expression'
        ? statement.value
        : statement.kind === 'assign'
          ? statement
          : null;
    if (!isTimer(statement) || context.state === null) continue;
    timer = {
      magic: statement,
      start: context.state.trail.number,
      end: endOfTimed(module, statement),
    };
    last = null;
  }
  close();
}

const isTimer = (statement: Statement): statement is MagicStatement =>
  statement.kind === 'magic' && (statement.name === 'time' || statement.name === 'timeit');

/** `%timeit` times its line, and `%%timeit` the rest of its cell. */
function endOfTimed({ text, cellStarts, comments }: Module, magic: MagicStatement): number {
  const line = text.indexOf('\n', magic.start);
  if (!magic.cell) return line === -1 ? text.length : line;
  const next = cellStarts.find((start) => start > magic.start);
  const marker = comments.find(
    (comment) => comment.start > magic.start && /^# ?%%/.test(comment.text),
  );
  return Math.min(next ?? text.length, marker?.start ?? text.length);
}

/** The expressions that the cells of a notebook end with, which it shows. */
export function shownExpressions(module: Module): ReadonlySet<Statement> {
  const { text, body, cellStarts } = module;
  const shown = new Set<Statement>();
  // A file is no notebook.
  if (cellStarts.length < 2) return shown;
  const timers = body.flatMap((each) => (isTimer(each) ? [each] : []));
  const isTimed = ({ start }: Statement): boolean =>
    timers.some((magic) => magic.start < start && start < endOfTimed(module, magic));
  body.forEach((statement, i) => {
    if (statement.kind !== 'expression' || isTimed(statement)) return;
    const next = body[i + 1];
    const end = cellStarts.find((start) => start > statement.start) ?? text.length;
    const isLast = next === undefined || next.start >= end;
    if (isLast && !/^[ \t]*;/.test(text.slice(statement.end, end))) shown.add(statement);
  });
  return shown;
}

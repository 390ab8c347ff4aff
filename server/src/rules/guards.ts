import type { CallExpression, IfStatement, Module, Statement } from '../syntax/tree.ts';
import { indentation, insertLinesAfter, ownsItsLines, textOf } from './edits.ts';
import type { Edit } from './finding.ts';

const step = '    ';

/** Is the statement no more than this call, on one line of its own? */
export const isAllOfItsLine = (
  module: Module,
  statement: Statement,
  call: CallExpression,
): boolean =>
  statement.kind === 'expression' && statement.value === call && isOneLine(module, statement);

export const isOneLine = (module: Module, statement: Statement): boolean =>
  ownsItsLines(module, statement) && !textOf(module, statement).includes('\n');

/** Puts a statement of one line behind a test, and lines of `others` after it. */
export const putBehind = (
  module: Module,
  statement: Statement,
  test: string,
  others: readonly string[] = [],
): Edit[] => [
  {
    start: statement.start,
    end: statement.start,
    text: `${test}\n${indentation(module, statement.start)}${step}`,
  },
  ...(others.length > 0 ? [insertLinesAfter(module, statement, others)] : []),
];

/** `elif torch.backends.mps.is_available():` with one call. */
export const otherwiseOnMps = (torch: string, call: string): readonly string[] => [
  `elif ${torch}.backends.mps.is_available():`,
  `${step}${torch}.mps.${call}`,
];

/** Does the test ask for CUDA and for nothing besides? */
export const asksForCudaAlone = (module: Module, { test }: IfStatement, torch: string): boolean =>
  textOf(module, test) === `${torch}.cuda.is_available()`;

/** Is it an `if` of its own, no `elif`, after which another arm can stand? */
export const takesAnotherArm = (module: Module, node: IfStatement): boolean =>
  node.orElse.length === 0 && ownsItsLines(module, node) && textOf(module, node).startsWith('if');

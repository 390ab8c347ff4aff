import type { AttributeExpression, Expression, Module, Span } from '../syntax/tree.ts';
import type { Edit } from './finding.ts';

/** Edits are written against whole lines, so that a fix reads as if typed by hand. */

export const replace = (at: Span, text: string): Edit => ({ start: at.start, end: at.end, text });

export const textOf = (module: Module, at: Span): string => module.text.slice(at.start, at.end);

export function lineStart(module: Module, offset: number): number {
  return module.text.lastIndexOf('\n', offset - 1) + 1;
}

/** The white space before the first character of the line. */
export function indentation(module: Module, offset: number): string {
  return /^[ \t]*/.exec(module.text.slice(lineStart(module, offset), offset))?.[0] ?? '';
}

/** Does the span stand alone on its lines, so that lines can be put before it or taken away? */
export function ownsItsLines(module: Module, at: Span): boolean {
  const before = module.text.slice(lineStart(module, at.start), at.start);
  const after = /^[^\n]*/.exec(module.text.slice(at.end))?.[0] ?? '';
  return /^[ \t]*$/.test(before) && /^[ \t;]*(#.*)?\r?$/.test(after) && !after.includes(';');
}

/** Puts lines before the line that `at` begins, with its indentation. */
export function insertLinesBefore(module: Module, at: Span, lines: readonly string[]): Edit {
  const start = lineStart(module, at.start);
  const indent = indentation(module, at.start);
  return { start, end: start, text: lines.map((line) => `${indent}${line}\n`).join('') };
}

/** Where the line of an offset ends, its line break excluded: in a notebook it may be the last of its cell. */
function lineEnd({ text }: Module, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline;
}

/** Puts lines after the last line of `at`, with its indentation. */
export function insertLinesAfter(module: Module, at: Span, lines: readonly string[]): Edit {
  const end = lineEnd(module, at.end);
  const indent = indentation(module, at.start);
  return { start: end, end, text: lines.map((line) => `\n${indent}${line}`).join('') };
}

/** Takes away the lines of `at`, line break included. */
export function deleteLines(module: Module, at: Span): Edit {
  const { text, cellStarts } = module;
  const start = lineStart(module, at.start);
  const end = lineEnd(module, at.end);
  const isLast = end === text.length || cellStarts.includes(end + 1);
  if (!isLast) return { start, end: end + 1, text: '' };
  return { start: cellStarts.includes(start) ? start : Math.max(0, start - 1), end, text: '' };
}

/** Expressions that a member access can follow as they are. */
const primaries = new Set<Expression['kind']>(['name', 'attribute', 'call', 'subscript', 'string']);

/** Puts `.cpu()` or the like behind an expression, in parentheses where it needs them. */
export const appendCall = (expression: Expression, call: string): Edit[] =>
  primaries.has(expression.kind)
    ? [{ start: expression.end, end: expression.end, text: call }]
    : [
        { start: expression.start, end: expression.start, text: '(' },
        { start: expression.end, end: expression.end, text: `)${call}` },
      ];

/** Where the `.` of a member access stands. */
export const dotOf = (module: Module, { name }: AttributeExpression): number =>
  module.text.lastIndexOf('.', name.start);

import type { AttributeExpression, Expression, Module, Span } from '../syntax/tree.ts';
import type { Edit } from './finding.ts';

/**
 * Edits are written against whole lines, so that a fix reads as if typed by hand. Their line breaks are "\n": who applies
 * them takes those of the text.
 */

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
  const after = /^[^\r\n]*/.exec(module.text.slice(at.end))?.[0] ?? '';
  return /^[ \t]*$/.test(before) && /^[ \t;]*(#.*)?$/.test(after) && !after.includes(';');
}

/** Puts lines before the line that `at` begins, with its indentation. */
export function insertLinesBefore(module: Module, at: Span, lines: readonly string[]): Edit {
  const start = lineStart(module, at.start);
  const indent = indentation(module, at.start);
  return { start, end: start, text: lines.map((line) => `${indent}${line}\n`).join('') };
}

/** Where the line of an offset ends, its line break excluded: in a notebook it may be the last of its cell. */
function lineEnd({ text }: Module, offset: number): number {
  const end = text.slice(offset).search(/[\r\n]/);
  return end === -1 ? text.length : offset + end;
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
  const next = end + (text.startsWith('\r\n', end) ? 2 : 1);
  const isLast = end === text.length || cellStarts.includes(next);
  if (!isLast) return { start, end: next, text: '' };
  if (cellStarts.includes(start)) return { start, end, text: '' };
  return {
    start: Math.max(0, start - (text.startsWith('\r\n', start - 2) ? 2 : 1)),
    end,
    text: '',
  };
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

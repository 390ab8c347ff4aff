import type { Concrete } from './concrete.ts';
import { fieldOf, namedOf } from './concrete.ts';
import type { Lowering } from './lowering.ts';
import { readString } from './strings.ts';
import type { Expression, StringLiteral } from './tree.ts';

type Lower = (context: Lowering, node: Concrete) => Expression;

export function lowerNumber(context: Lowering, node: Concrete): Expression {
  const text = context.textOf(node).replaceAll('_', '');
  const imaginary = /j$/i.test(text);
  return {
    kind: 'number',
    value: imaginary ? Number.NaN : Number(text.replace(/l$/i, '')),
    isFloat: node.type === 'float',
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

/** A string and what stands next to it; null when there is none to read. `lower` lowers interpolations. */
export function lowerString(context: Lowering, node: Concrete, lower: Lower): Expression | null {
  const literals =
    node.type === 'string' ? [node] : namedOf(node).filter((part) => part.type === 'string');
  const values: Expression[] = [];
  let isFormatted = false;
  for (const literal of literals) {
    if (
      /^[a-zA-Z]*[ft]/i.test(
        context
          .textOf(literal)
          .slice(0, 3)
          .replace(/["'].*/s, ''),
      )
    )
      isFormatted = true;
    collectInterpolations(context, literal, values, lower);
  }
  const span = context.span(node);
  if (isFormatted) return { kind: 'formatted', values, start: span.start, end: span.end };
  const parts = literals.map((literal) => readString(context.textOf(literal)));
  const first = parts[0];
  if (first === undefined) return null;
  const literal: StringLiteral = {
    kind: 'string',
    value: parts.map((part) => part.value).join(''),
    bytes: first.bytes,
    opening: first.opening,
    start: span.start,
    end: span.end,
  };
  return literal;
}

function collectInterpolations(
  context: Lowering,
  node: Concrete,
  values: Expression[],
  lower: Lower,
): void {
  for (const part of node.children) {
    if (part.type === 'interpolation' || part.type === 'format_expression') {
      const expression = fieldOf(part, 'expression');
      if (expression !== undefined) values.push(lower(context, expression));
    }
    if (part.children.length > 0 && part.field !== 'expression')
      collectInterpolations(context, part, values, lower);
  }
}

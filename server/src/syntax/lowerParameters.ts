import type { Concrete } from './concrete.ts';
import { fieldOf, namedOf } from './concrete.ts';
import type { Lowering } from './lowering.ts';
import type { Expression, Parameter } from './tree.ts';

type Lower = (context: Lowering, node: Concrete) => Expression;

/** The parameters of a function; `lower` lowers annotations and defaults. */
export function lowerParameters(context: Lowering, node: Concrete, lower: Lower): Parameter[] {
  return namedOf(node).flatMap((part) => {
    const lowered = lowerParameter(context, part, lower);
    return lowered === null ? [] : [lowered];
  });
}

function lowerParameter(context: Lowering, node: Concrete, lower: Lower): Parameter | null {
  const span = context.span(node);
  switch (node.type) {
    case 'identifier':
      return {
        form: 'plain',
        name: context.identifier(node),
        annotation: null,
        defaultValue: null,
        start: span.start,
        end: span.end,
      };
    case 'keyword_separator':
      return {
        form: 'keywordOnlyMarker',
        name: null,
        annotation: null,
        defaultValue: null,
        start: span.start,
        end: span.end,
      };
    case 'positional_separator':
      return {
        form: 'positionalOnlyMarker',
        name: null,
        annotation: null,
        defaultValue: null,
        start: span.start,
        end: span.end,
      };
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern': {
      const name = namedOf(node)[0];
      return {
        form: node.type === 'list_splat_pattern' ? 'star' : 'doubleStar',
        name: name === undefined ? null : context.identifier(name),
        annotation: null,
        defaultValue: null,
        start: span.start,
        end: span.end,
      };
    }
    case 'default_parameter':
    case 'typed_default_parameter':
    case 'typed_parameter': {
      const named = fieldOf(node, 'name') ?? namedOf(node)[0];
      const type = fieldOf(node, 'type');
      const value = fieldOf(node, 'value');
      const inner = named === undefined ? null : lowerParameter(context, named, lower);
      return {
        form: inner?.form ?? 'plain',
        name: inner?.name ?? null,
        annotation: type === undefined ? null : lower(context, type),
        defaultValue: value === undefined ? null : lower(context, value),
        start: span.start,
        end: span.end,
      };
    }
    default:
      context.broken = true;
      return null;
  }
}

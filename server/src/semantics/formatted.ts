import type { Expression, FormattedString } from '../syntax/tree.ts';
import type { Context } from './context.ts';
import type { Value } from './values.ts';
import { constant, unknown } from './values.ts';

/** A literal of one piece, without escapes: what stands between its quotes. */
const plain = /^[fF](["'])([^"'\\\n]*)\1$/;

/** f"{kind}:{index}" from the values in it; f"cuda:{rank}" is a CUDA device whatever the index is. */
export function formattedText(
  context: Context,
  node: FormattedString,
  values: readonly Value[],
): Value {
  const pieces = plain
    .exec(context.source.text.slice(node.start, node.end))?.[2]
    ?.split(/\{[^{}:!=]*\}/);
  if (pieces?.length !== values.length + 1 || pieces.some((piece) => /[{}]/.test(piece)))
    return unknown;
  const [first = '', last] = pieces;
  const texts = values.map(textOf);
  if (texts.every((text) => text !== null)) {
    const text = texts.map((part, i) => part + (pieces[i + 1] as string)).join('');
    return constant(first + text, node);
  }
  const kind = first === '' && values.length === 2 && pieces[1] === ':' ? texts[0] : null;
  return values.length === 1 && last === ''
    ? deviceBefore(first, node)
    : kind !== null && last === ''
      ? deviceBefore(`${kind}:`, node)
      : unknown;
}

const textOf = (value: Value): string | null =>
  value.kind === 'constant' && ['string', 'number'].includes(typeof value.value)
    ? String(value.value)
    : null;

/** A text that goes on after this, with an index that is not known. */
export function deviceBefore(text: string, origin: Expression): Value {
  return text === 'cuda:' ? { kind: 'device', types: ['cuda'], origin } : unknown;
}

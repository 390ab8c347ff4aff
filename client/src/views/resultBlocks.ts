import Anser from 'anser';
import type { CellState } from '../kernel/cellState.ts';
import type { MimeBundle } from '../kernel/messages.gen.ts';

/** One output of a cell, ready to be shown on a page. */
export type ResultBlock =
  /** `html` has nothing but text and spans of ANSI classes. */
  | { readonly kind: 'text'; readonly stream: 'stdout' | 'stderr' | 'value'; readonly html: string }
  | { readonly kind: 'image'; readonly source: string; readonly text: string }
  /** Markup of the user's libraries: shown in a frame that may run and load nothing. */
  | { readonly kind: 'html'; readonly html: string; readonly hasScripts: boolean };

const rasterImages = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;
/** Characters of one text that a page shows: more would freeze it. */
const longestText = 100_000;

/** All that a cell has put out, in order; its value last. */
export function resultBlocks(state: CellState): ResultBlock[] {
  const blocks = state.outputs.map((output) =>
    output.kind === 'text' ? textBlock(output.stream, output.text) : richBlock(output.data),
  );
  if (state.leftOut > 0) {
    const count = state.leftOut.toLocaleString('en');
    blocks.unshift(textBlock('value', `… ${count} outputs before …`));
  }
  if (state.result !== null) blocks.push(richBlock(state.result.data));
  if (state.error !== null) blocks.push(textBlock('stderr', state.error.traceback));
  if (state.cause !== null) blocks.push(textBlock('stderr', state.cause));
  return blocks;
}

/** Has the cell put out what a line of text cannot show? */
export const isRich = ({ outputs, result }: CellState): boolean =>
  [
    ...outputs.filter((output) => output.kind === 'rich'),
    ...(result === null ? [] : [result]),
  ].some(({ data }) => richBlock(data).kind !== 'text');

function richBlock(data: MimeBundle): ResultBlock {
  const text = (mime: string): string | null => {
    const value = data[mime];
    if (Array.isArray(value)) return value.join('');
    return typeof value === 'string' ? value : null;
  };
  const plain = text('text/plain') ?? '';
  for (const mime of rasterImages) {
    const base64 = text(mime);
    if (base64 !== null)
      return { kind: 'image', source: `data:${mime};base64,${base64.trim()}`, text: plain };
  }
  const svg = text('image/svg+xml');
  if (svg !== null) {
    return { kind: 'image', source: `data:image/svg+xml,${encodeURIComponent(svg)}`, text: plain };
  }
  const html = text('text/html');
  if (html !== null) return { kind: 'html', html, hasScripts: /<script[\s>]/i.test(html) };
  const other = text('text/markdown') ?? text('text/latex') ?? text('text/plain');
  if (other !== null) return textBlock('value', other);
  const json = data['application/json'];
  return textBlock('value', json === undefined ? '' : JSON.stringify(json, null, 2));
}

function textBlock(stream: 'stdout' | 'stderr' | 'value', text: string): ResultBlock {
  const cut = text.length - longestText;
  const shown =
    cut > 0 ? `… ${cut.toLocaleString('en')} characters before …\n${text.slice(cut)}` : text;
  return {
    kind: 'text',
    stream,
    html: Anser.ansiToHtml(Anser.escapeForHtml(shown), { use_classes: true }),
  };
}

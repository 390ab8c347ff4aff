import type { Node } from 'jsonc-parser';
import { applyEdits, findNodeAtLocation, parseTree } from 'jsonc-parser';

/** An .ipynb file as far as Smelt reads it. */
export interface Notebook {
  /** Sources of the code cells, in order. */
  readonly cells: readonly string[];
  /** Number of each code cell among all cells, from 1. */
  readonly numbers: readonly number[];
  /** The file with other sources for its code cells; every other byte stays as it was. */
  readonly withCells: (cells: readonly string[]) => string;
}

export type NotebookResult =
  | { readonly ok: true; readonly notebook: Notebook }
  | { readonly ok: false; readonly reason: string };

interface RawCell {
  cell_type?: unknown;
  source?: unknown;
}

/** Reads notebook format 4. A kernel of another language has no Python cells. */
export function readNotebook(text: string): NotebookResult {
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return {
      ok: false,
      reason: `not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  if (
    typeof raw !== 'object' ||
    raw === null ||
    !Array.isArray((raw as { cells?: unknown }).cells)
  ) {
    return { ok: false, reason: 'no list of cells: only notebook format 4 is supported' };
  }
  const all = (raw as { cells: RawCell[] }).cells;
  const isPython = /^(python|ipython|)$/i.test(languageOf(raw));
  const code = isPython
    ? all.flatMap((cell, i) => (cell?.cell_type === 'code' ? [{ cell, number: i + 1 }] : []))
    : [];
  return {
    ok: true,
    notebook: {
      cells: code.map(({ cell }) => sourceOf(cell)),
      numbers: code.map(({ number }) => number),
      withCells: (cells) => {
        const root = parseTree(text, undefined, { disallowComments: true });
        const edits = code.flatMap(({ cell, number }, i) => {
          const source = cells[i] as string;
          const node = root && findNodeAtLocation(root, ['cells', number - 1, 'source']);
          if (source === sourceOf(cell) || node === undefined) return [];
          const { offset, length } = node;
          return [{ offset, length, content: sourceText(text, node, source) }];
        });
        return applyEdits(text, edits);
      },
    },
  };
}

function languageOf(raw: object): string {
  const metadata = (
    raw as {
      metadata?: { kernelspec?: { language?: unknown }; language_info?: { name?: unknown } };
    }
  ).metadata;
  const name = metadata?.language_info?.name ?? metadata?.kernelspec?.language;
  return typeof name === 'string' ? name : '';
}

const sourceOf = (cell: RawCell): string =>
  Array.isArray(cell.source)
    ? cell.source.join('')
    : typeof cell.source === 'string'
      ? cell.source
      : '';

/** The JSON of a source, laid out as the one that it replaces. */
function sourceText(text: string, node: Node, source: string): string {
  const quoted = quoterOf(text);
  if (node.type !== 'array') return quoted(source);
  const children = node.children ?? [];
  const [first, second, last] = [children[0], children[1], children.at(-1)];
  const between = (a: number, b: number): string => text.slice(a, b);
  const end = (child: Node): number => child.offset + child.length;
  // Lines that stay keep their escapes, too.
  const written = new Map(
    children.map((child) => [child.value as unknown, between(child.offset, end(child))]),
  );
  const lines = linesOf(source).map((line) => written.get(line) ?? quoted(line));
  if (first === undefined || last === undefined) return `[${lines.join(', ')}]`;
  const open = between(node.offset + 1, first.offset);
  const close = between(end(last), end(node) - 1);
  const comma =
    second === undefined ? `,${open === '' ? ' ' : open}` : between(end(first), second.offset);
  return `[${open}${lines.join(comma)}${close}]`;
}

/** Writes strings as the file does: with the escapes of Python's json where all of it is ASCII. */
function quoterOf(text: string): (source: string) => string {
  const isAscii = !/[\u0080-\uffff]/.test(text);
  const escaped = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return (source) => {
    const json = JSON.stringify(source);
    return isAscii ? json.replace(/[\u0080-\uffff]/g, escaped) : json;
  };
}

/** Lines with their breaks, as Jupyter stores them. */
const linesOf = (source: string): string[] => source.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** An .ipynb file as far as Smelt reads it. */
export interface Notebook {
  /** Sources of the code cells, in order. */
  readonly cells: readonly string[];
  /** Number of each code cell among all cells, from 1. */
  readonly numbers: readonly number[];
  /** The file with other sources for its code cells; everything else stays as it was. */
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
        code.forEach(({ cell }, i) => {
          const source = cells[i] as string;
          if (source !== sourceOf(cell))
            cell.source = Array.isArray(cell.source) ? linesOf(source) : source;
        });
        const indent = /^\{\r?\n([ \t]+)/.exec(text)?.[1];
        const written = JSON.stringify(raw, null, indent ?? (text.includes('\n') ? 1 : undefined));
        return written + (/\r?\n$/.exec(text)?.[0] ?? '');
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

/** Lines with their breaks, as Jupyter stores them. */
const linesOf = (source: string): string[] => source.match(/[^\n]*\n|[^\n]+$/g) ?? [];

import { joinCells } from './cells.ts';
import type { BlockForLater, BlocksForLater } from './grammar/statements.ts';
import { Statements } from './grammar/statements.ts';
import { maskMagics } from './magics.ts';
import type { Outline } from './outline.ts';
import { outlineOf } from './outline.ts';
import type { ParsedParts } from './parsedLater.ts';
import { parsedLater } from './parsedLater.ts';
import { reparse } from './reparse.ts';
import type { MagicStatement, Module, Span, Statement } from './tree.ts';

const hasCells = (text: string): boolean => /^#\s*%%/m.test(text);

type Block = readonly Statement[];

const none: BlocksForLater = new Map();

/**
 * Reads a Python file. Never throws: what cannot be read is broken.
 * @param before the module of the same file before an edit: what it did not touch is taken from there
 */
export function parseFile(text: string, before?: Module): Module {
  const isCell = hasCells(text);
  const again =
    before === undefined || isCell !== hasCells(before.text)
      ? null
      : reparse(before, text, (from, to) => read(text, from, to));
  // What is edited is parsed already: to find out what matters costs more than it saves.
  if (again !== null)
    return parsedLater(text, true, () => ({
      ...again,
      isBroken: () => false,
      brokenAt: () => null,
    }));
  return parsedLater(text, isCell, (outline) =>
    outline === null ? readWhole(text, isCell) : readOutlined(text, outline),
  );
}

/** As parseFile, with nothing left for later. */
export function parseWhole(text: string): Module {
  const isCell = hasCells(text);
  return parsedLater(text, isCell, () => readWhole(text, isCell));
}

/**
 * The statements of a file as others see it: the blocks of its functions are parsed when they are asked
 * for, and may be forgotten in between.
 * @param again gives the text once more; null: it is another one now
 */
export function parseImported(text: string, again: () => string | null): Module {
  const outline = hasCells(text) ? null : outlineOf(text);
  if (outline === null) return parseFile(text);
  const later = blocksOf(outline, (block) =>
    remembered(() => {
      const now = again();
      return now === null ? unreadable : readBlock(now, block).body;
    }),
  );
  const part = read(text, 0, text.length, later, true);
  return { text, outline: null, ...part, cellStarts: [0] };
}

/** Every cell is parsed on its own, so that a broken one harms no other. */
export function parseNotebook(cells: readonly string[]): Module {
  const { starts } = joinCells(cells);
  const masked = cells.map((cell) => maskMagics(cell, true));
  const text = joinCells(masked.map((cell) => cell.masked)).text;
  const modules = masked.map((cell, i) => {
    const start = starts[i] as number;
    const part = read(text, start, start + cell.masked.length);
    return { ...part, body: withMagics(part.body, cell.magics, start) };
  });
  return {
    text: joinCells(cells).text,
    outline: null,
    body: modules.flatMap((module) => module.body),
    comments: modules.flatMap((module) => module.comments),
    cellStarts: starts,
    broken: modules.some((module) => module.broken),
    brokenAt: () => first(modules.map((module) => module.brokenAt())),
  };
}

type Part = Pick<Module, 'body' | 'comments' | 'broken' | 'brokenAt'>;

const first = (offsets: readonly (number | null)[]): number | null =>
  offsets.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null);

function read(text: string, from: number, to: number, later = none, outlivesText = false): Part {
  const statements = new Statements(text, from, to, outlivesText, later);
  const body = statements.all(false);
  const { comments, brokenAt } = statements;
  return { body, comments, broken: brokenAt !== null, brokenAt: () => brokenAt };
}

type ReadBlock = Pick<Module, 'body' | 'broken' | 'brokenAt'>;

function readBlock(text: string, { start, end }: Span): ReadBlock {
  const statements = new Statements(text, start, end, false, none);
  const body = statements.all(true);
  const { brokenAt } = statements;
  return { body, broken: brokenAt !== null, brokenAt: () => brokenAt };
}

function readWhole(text: string, isCell: boolean): ParsedParts {
  const { masked, magics } = maskMagics(text, isCell);
  const { body, comments, broken, brokenAt } = read(masked, 0, masked.length);
  return { body: withMagics(body, magics, 0), comments, isBroken: () => broken, brokenAt };
}

/** The blocks of functions are read when they are asked for. */
function readOutlined(text: string, outline: Outline): ParsedParts {
  const blocks: (() => ReadBlock)[] = [];
  const broken: ReadBlock[] = [];
  const later = blocksOf(outline, (block) => {
    let known: ReadBlock | undefined;
    const parsed = (): ReadBlock => {
      if (known === undefined) {
        known = readBlock(text, block);
        if (known.broken) broken.push(known);
      }
      return known;
    };
    blocks.push(parsed);
    return () => parsed().body;
  });
  const around = read(text, 0, text.length, later);
  const comments = outline.comments.map(({ start, end }) => ({
    start,
    end,
    text: text.slice(start, end),
  }));
  const isBroken = (): boolean => around.broken || blocks.some((block) => block().broken);
  const brokenAt = (): number | null => first([around, ...broken].map((part) => part.brokenAt()));
  return { body: around.body, comments, isBroken, brokenAt };
}

function blocksOf(
  { functions, lines }: Outline,
  reader: (block: Span) => () => Block,
): BlocksForLater {
  const blocks = new Map<number, BlockForLater>();
  for (const { header, next } of functions) {
    const [line, first, last] = [header, header + 1, next - 1].map((i) => lines[i]);
    if (line === undefined || first === undefined || last === undefined) continue;
    const block = { start: first.start, end: last.end };
    blocks.set(line.start, { end: block.end, read: reader(block) });
  }
  return blocks;
}

/** What stands for a block that is no longer there: it returns nobody knows what. */
const unreadable: Block = [
  {
    kind: 'return',
    value: { kind: 'broken', parts: [], start: 0, end: 0 },
    start: 0,
    end: 0,
  },
];

/** Made again when memory was needed in the meantime; the same while one analysis runs. */
function remembered(make: () => Block): () => Block {
  let known: WeakRef<Block> | undefined;
  return () => {
    let block = known?.deref();
    if (block === undefined) {
      block = make();
      known = new WeakRef(block);
    }
    return block;
  };
}

/** IPython lines of the top level, where they stood. */
function withMagics(body: Block, magics: readonly MagicStatement[], offset: number): Block {
  if (magics.length === 0) return body;
  const placed = magics.map((magic) => ({
    ...magic,
    start: magic.start + offset,
    end: magic.end + offset,
  }));
  return [...body, ...placed].sort((a, b) => a.start - b.start);
}

import { Language, Parser } from 'web-tree-sitter';
import { joinCells } from './cells.ts';
import { copyTree } from './concrete.ts';
import { cutText } from './cutText.ts';
import { detached } from './detached.ts';
import type { FunctionBody } from './functionBodies.ts';
import { functionBodies } from './functionBodies.ts';
import { withoutBodies } from './leftOut.ts';
import { lowerModule } from './lowerStatements.ts';
import { maskMagics } from './magics.ts';
import type { Outline } from './outline.ts';
import type { ParsedParts } from './parsedLater.ts';
import { parsedLater } from './parsedLater.ts';
import { reparse } from './reparse.ts';
import type { Module, Statement } from './tree.ts';

export interface PythonParser {
  /**
   * Never throws: what cannot be read is broken.
   * @param before the module of the same file before an edit: what it did not touch is taken from there
   */
  readonly parseFile: (text: string, before?: Module) => Module;
  /**
   * The statements of a file as others see it: the blocks of its functions are parsed when they are
   * asked for, and may be forgotten in between.
   * @param again gives the text once more; null: it is another one now
   */
  readonly parseImported: (text: string, again: () => string | null) => Module;
  /** As parseFile, with nothing left for later. */
  readonly parseWhole: (text: string) => Module;
  /** Every cell is parsed on its own, so that a broken one harms no other. */
  readonly parseNotebook: (cells: readonly string[]) => Module;
}

/**
 * A dot at the end of a line whose name is yet to be written, where an expression can begin; 1. and
 * ... are whole, and prose of a docstring has other words before its last one.
 */
const danglingDot =
  /(?<=(?:^|[=(,[{+\-*/%<>:@]|\b(?:return|in|not|and|or|await|yield|if|elif|else|while|assert|raise|del)[ \t])[ \t]*[\w.()[\]]*[A-Za-z_)\]])\.(?=[ \t]*$)/gm;

const hasCells = (text: string): boolean => /^#\s*%%/m.test(text);

type Block = readonly Statement[];

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

/** The two wasm files as bytes: tree-sitter itself and its Python grammar. */
export async function createParser(
  runtime: Uint8Array,
  grammar: Uint8Array,
): Promise<PythonParser> {
  await Parser.init({ wasmBinary: runtime });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  const parse = (text: string, isCell: boolean, offset: number, whole: string): Module => {
    const module = parseOnce(text, isCell, offset, whole);
    const undotted = module.broken ? text.replace(danglingDot, ' ') : text;
    if (undotted === text) return module;
    // Who is typing `x = torch.` above a function keeps what is found in the function.
    const retried = parseOnce(undotted, isCell, offset, whole);
    return retried.body.length > module.body.length ? { ...retried, broken: true } : module;
  };
  const parseOnce = (text: string, isCell: boolean, offset: number, whole: string): Module => {
    const empty: Module = {
      text,
      outline: null,
      body: [],
      comments: [],
      cellStarts: [0],
      broken: true,
    };
    try {
      const { masked, magics } = maskMagics(text, isCell);
      const tree = parser.parse(masked);
      if (tree === null) return empty;
      try {
        return lowerModule(
          masked,
          copyTree(tree, (at) => at),
          magics,
          offset,
          whole,
        );
      } finally {
        tree.delete();
      }
    } catch {
      return empty;
    }
  };
  const blockOf = ({ definition, end }: FunctionBody, text: string | null): Block => {
    if (text === null) return unreadable;
    const stretch = detached(text.slice(definition, end));
    const [statement] = parse(stretch, false, definition, text).body;
    return statement?.kind === 'function' ? statement.body : unreadable;
  };
  const parseOutlined = (text: string, outline: Outline): ParsedParts | null => {
    const shortened = withoutBodies(text, outline, (stretch, offset) =>
      parse(stretch, false, offset, text),
    );
    const tree = parser.parse(shortened.text);
    if (tree === null) return null;
    let module: Module;
    try {
      const root = copyTree(tree, shortened.placeOf);
      module = lowerModule(text, root, [], 0, text, shortened.leftOut);
    } catch {
      // What cannot be read in parts is read whole.
      return null;
    } finally {
      tree.delete();
    }
    if (module.broken) return null;
    const comments = outline.comments.map(({ start, end }) => ({
      start,
      end,
      text: text.slice(start, end),
    }));
    return { body: module.body, comments, isBroken: shortened.isBroken };
  };
  const parseWhole = (text: string, isCell: boolean): ParsedParts => {
    const { body, comments, broken } = parse(text, isCell, 0, text);
    return { body, comments, isBroken: () => broken };
  };
  const parseFile: PythonParser['parseFile'] = (text, before) => {
    const isCell = hasCells(text);
    const again =
      before === undefined || isCell !== hasCells(before.text)
        ? null
        : reparse(before, text, (stretch, offset) => parse(stretch, isCell, offset, text));
    // What is edited is parsed already: to find out what matters costs more than it saves.
    if (again !== null) return parsedLater(text, true, () => ({ ...again, isBroken: () => false }));
    return parsedLater(text, isCell, (outline) => {
      const parts = outline === null ? null : parseOutlined(text, outline);
      return parts ?? parseWhole(text, isCell);
    });
  };
  return {
    parseFile,
    parseImported: (text, again) => {
      const bodies = hasCells(text) ? null : functionBodies(text);
      if (bodies === null) return parseFile(text);
      const later = new Map(
        bodies.map((body) => [body.definition, remembered(() => blockOf(body, again()))]),
      );
      const cut = cutText(text, bodies, 'pass');
      const tree = parser.parse(cut.text);
      if (tree === null) return parseFile(text);
      try {
        const module = lowerModule(text, copyTree(tree, cut.placeOf), [], 0, text, later, true);
        return module.broken ? parseFile(text) : module;
      } finally {
        tree.delete();
      }
    },
    parseWhole: (text) => {
      const isCell = hasCells(text);
      return parsedLater(text, isCell, () => parseWhole(text, isCell));
    },
    parseNotebook: (cells) => {
      const { text, starts } = joinCells(cells);
      const modules = cells.map((cell, i) => parse(cell, true, starts[i] as number, text));
      return {
        text,
        outline: null,
        body: modules.flatMap((module) => module.body),
        comments: modules.flatMap((module) => module.comments),
        cellStarts: starts,
        broken: modules.some((module) => module.broken),
      };
    },
  };
}

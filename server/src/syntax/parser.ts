import { Language, Parser } from 'web-tree-sitter';
import { joinCells } from './cells.ts';
import { copyTree } from './concrete.ts';
import type { FunctionBody } from './functionBodies.ts';
import { functionBodies } from './functionBodies.ts';
import { lowerModule } from './lowerStatements.ts';
import { maskMagics } from './magics.ts';
import { reparse } from './reparse.ts';
import { skeletonOf } from './skeleton.ts';
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
    const empty: Module = { text, body: [], comments: [], cellStarts: [0], broken: true };
    try {
      const { masked, magics } = maskMagics(text, isCell);
      const tree = parser.parse(masked);
      if (tree === null) return empty;
      try {
        return lowerModule(masked, copyTree(tree), magics, offset, whole);
      } finally {
        tree.delete();
      }
    } catch {
      return empty;
    }
  };
  const blockOf = ({ definition, end }: FunctionBody, text: string | null): Block => {
    if (text === null) return unreadable;
    const [statement] = parse(text.slice(definition, end), false, definition, text).body;
    return statement?.kind === 'function' ? statement.body : unreadable;
  };
  const parseFile: PythonParser['parseFile'] = (text, before) => {
    const isCell = hasCells(text);
    const again =
      before === undefined || isCell !== hasCells(before.text)
        ? null
        : reparse(before, text, (stretch, offset) => parse(stretch, isCell, offset, text));
    return again ?? parse(text, isCell, 0, text);
  };
  return {
    parseFile,
    parseImported: (text, again) => {
      const bodies = hasCells(text) ? null : functionBodies(text);
      if (bodies === null || bodies.length === 0) return parseFile(text);
      const later = new Map(
        bodies.map((body) => [body.definition, remembered(() => blockOf(body, again()))]),
      );
      const skeleton = skeletonOf(text, bodies);
      const tree = parser.parse(skeleton.text);
      if (tree === null) return parseFile(text);
      try {
        const module = lowerModule(text, copyTree(tree, skeleton.placed), [], 0, text, later);
        return module.broken ? parseFile(text) : module;
      } finally {
        tree.delete();
      }
    },
    parseNotebook: (cells) => {
      const { text, starts } = joinCells(cells);
      const modules = cells.map((cell, i) => parse(cell, true, starts[i] as number, text));
      return {
        text,
        body: modules.flatMap((module) => module.body),
        comments: modules.flatMap((module) => module.comments),
        cellStarts: starts,
        broken: modules.some((module) => module.broken),
      };
    },
  };
}

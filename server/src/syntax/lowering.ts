import type { Concrete } from './concrete.ts';
import type { Identifier, MagicStatement, Span, Statement } from './tree.ts';

/** Bodies that are parsed when they are asked for, by where the `def` of their function begins. */
export type LeftOut = ReadonlyMap<number, () => readonly Statement[]>;

/** What one lowering carries: the text, where it lies in the whole, and whether something was broken. */
export class Lowering {
  broken = false;
  readonly text: string;
  /** Added to every offset: the start of the cell in its notebook. */
  readonly offset: number;
  readonly magics: readonly MagicStatement[];
  readonly root: Concrete;
  /** Lowers the statements of a block; given here so that no file needs another in a circle. */
  readonly lowerBody: (context: Lowering, node: Concrete | undefined) => Statement[];
  readonly leftOut: LeftOut;

  constructor(
    text: string,
    offset: number,
    magics: readonly MagicStatement[],
    root: Concrete,
    lowerBody: Lowering['lowerBody'],
    leftOut: LeftOut,
  ) {
    this.text = text;
    this.offset = offset;
    this.magics = magics;
    this.root = root;
    this.lowerBody = lowerBody;
    this.leftOut = leftOut;
  }

  startOf(node: Span): number {
    return node.start + this.offset;
  }

  endOf(node: Span): number {
    return node.end + this.offset;
  }

  span(node: Span): Span {
    return { start: this.startOf(node), end: this.endOf(node) };
  }

  textOf(node: Span): string {
    return this.text.slice(node.start, node.end);
  }

  identifier(node: Concrete): Identifier {
    return { text: this.textOf(node), start: this.startOf(node), end: this.endOf(node) };
  }

  /** Is a bracket open around this offset, so that line breaks mean nothing? */
  insideBrackets(offset: number): boolean {
    let node: Concrete | undefined = this.root;
    while (node !== undefined) {
      if (bracketed.has(node.type) && node.children[0]?.named === false) return true;
      node = node.children.find(({ start, end }) => start < offset && offset < end);
    }
    return false;
  }
}

const bracketed = new Set([
  'parenthesized_expression',
  'argument_list',
  'tuple',
  'list',
  'set',
  'dictionary',
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
  'parameters',
]);

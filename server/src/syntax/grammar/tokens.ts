import {
  backslash,
  blank,
  closing,
  digit,
  dot,
  hash,
  kindsOf,
  newline,
  opening,
  operator,
  quote,
  word,
} from '../characters.ts';
import type { Comment } from '../tree.ts';

/** Thrown where a text is wrong, until it is read again by who puts up with what is wrong. */
export const syntaxError: Error = new Error('a syntax error');

export type TokenKind =
  | 'name'
  | 'keyword'
  | 'number'
  | 'string'
  /** The opening of an f- or t-string. */
  | 'formatted'
  | 'operator'
  /** What no token begins with, and strings that nothing closes. */
  | 'error'
  /** The end of a logical line. */
  | 'newline'
  | 'end';

const keywords: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally ' +
    'for from global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

const kinds = kindsOf([
  [' \t\f', blank],
  ['\n\r', newline],
  ['+-*/%@&|^~<>=!:;,', operator],
  ['.', dot],
]);

const operators = /\*\*=?|\/\/=?|>>=?|<<=?|->|:=|[<>=!+\-*/%@&|^]=|[+\-*/%@&|^~<>=!:;,]/y;
const numbers =
  /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?/y;
const identifier = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const statement =
  /(?:def|class|import|from|return|raise|assert|del|pass|break|continue|global|nonlocal|with|while|try|except|finally|elif)\b|@/y;
const prefix = /^(?:[rbuft]|br|rb|fr|rf|tr|rt)$/i;

/** A token to go back to. */
interface Mark {
  readonly start: number;
  readonly previousEnd: number;
  readonly indent: number;
  readonly depth: number;
  readonly nesting: number;
  readonly comments: number;
}

/** Reads a Python text token by token; never throws. */
export class Tokens {
  readonly text: string;
  readonly comments: Comment[] = [];
  /** Where the part of the text ends that is read. */
  protected readonly limit: number;
  /** The token at hand; `value` is the text of names, keywords and operators. */
  protected kind: TokenKind = 'newline';
  protected value = '';
  /** That of an end of a line is the end of the token before. */
  protected start: number;
  protected end: number;
  /** Where the last token ended that is no end of a line. */
  protected previousEnd: number;
  /** Columns before the logical line at hand. */
  protected indent = 0;
  /** Open brackets. */
  protected depth = 0;
  /** Expressions and blocks around the token. */
  protected nesting = 0;
  /** Is what is wrong put up with? */
  protected isTolerant = false;
  /** Has the logical line at hand had a token? */
  private inLine = false;
  private lineStart: number;

  /** @param from the beginning of a logical line, or of its first token */
  constructor(text: string, from: number, to: number) {
    this.text = text;
    this.limit = to;
    // A byte-order mark.
    const first = from === 0 && text.charCodeAt(0) === 0xfeff ? 1 : from;
    this.start = first;
    this.end = first;
    this.previousEnd = first;
    this.lineStart = first;
    while (this.lineStart > 0 && kinds[text.charCodeAt(this.lineStart - 1)] === blank)
      this.lineStart -= 1;
  }

  /** What this gives; null, and nothing is taken, where something is wrong. */
  protected strictly<T>(read: () => T): T | null {
    const mark = this.mark();
    const { isTolerant } = this;
    this.isTolerant = false;
    try {
      return read();
    } catch (error) {
      if (error !== syntaxError) throw error;
      this.goBack(mark);
      return null;
    } finally {
      this.isTolerant = isTolerant;
    }
  }

  private mark(): Mark {
    const { start, previousEnd, indent, depth } = this;
    const isOpening = this.kind === 'operator' && kinds[this.text.charCodeAt(start)] === opening;
    return {
      start,
      previousEnd,
      indent,
      depth: isOpening ? depth - 1 : depth,
      nesting: this.nesting,
      comments: this.comments.length,
    };
  }

  private goBack({ start, previousEnd, indent, depth, nesting, comments }: Mark): void {
    this.comments.length = comments;
    this.depth = depth;
    this.nesting = nesting;
    this.indent = indent;
    this.goOn(start);
    this.previousEnd = previousEnd;
  }

  /** Takes the token that begins at or behind this place of a line. */
  protected goOn(offset: number): void {
    this.kind = 'name';
    this.end = offset;
    this.inLine = true;
    this.next();
  }

  /** Takes the first token of the line of the text that follows this place, whatever is open here. */
  protected nextLine(from: number): void {
    const { text, limit } = this;
    let at = from;
    while (at < limit && kinds[text.charCodeAt(at)] !== newline) at += 1;
    this.depth = 0;
    this.goOn(at);
    if (this.kind === 'newline') this.next();
  }

  protected next(): void {
    const { text, limit } = this;
    if (this.kind !== 'newline') this.previousEnd = this.end;
    let at = this.end;
    while (at < limit) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? (kinds[code] as number) : word;
      switch (kind) {
        case blank:
          at += 1;
          continue;
        case newline:
          at += 1;
          if (code === 13 && text.charCodeAt(at) === 10) continue;
          if (this.depth > 0 && !(this.isTolerant && this.isStatement(at))) continue;
          this.lineStart = at;
          if (!this.inLine) continue;
          this.endLine('newline', at);
          return;
        case hash:
          at = this.readComment(at);
          continue;
        case backslash: {
          const after = this.inLine ? afterLineBreak(text, at + 1) : -1;
          if (after < 0) break;
          at = after;
          continue;
        }
        default:
      }
      if (!this.inLine) this.beginLine(at);
      this.start = at;
      this.readToken(kind, at);
      return;
    }
    if (this.depth > 0 && !this.isTolerant) {
      this.start = this.previousEnd;
      this.setError(limit);
    } else this.endLine(this.inLine ? 'newline' : 'end', limit);
  }

  private endLine(kind: TokenKind, at: number): void {
    this.kind = kind;
    this.start = this.previousEnd;
    this.end = at;
    this.inLine = false;
    this.depth = 0;
    if (kind === 'end') this.indent = 0;
  }

  /** Does a line that begins here show that what is open is so by mistake? */
  private isStatement(at: number): boolean {
    const { text, limit } = this;
    let start = at;
    let from = at;
    for (; from < limit; from += 1) {
      const kind = kinds[text.charCodeAt(from)];
      if (kind === newline) start = from + 1;
      else if (kind === hash) from = endOfLine(text, from, limit) - 1;
      else if (kind !== blank) break;
    }
    if (from >= limit) return true;
    if (kinds[text.charCodeAt(from)] === closing) return false;
    if (from - start <= this.indent) return true;
    statement.lastIndex = from;
    return statement.test(text);
  }

  private readComment(at: number): number {
    const end = endOfLine(this.text, at, this.limit);
    this.comments.push({ text: this.text.slice(at, end), start: at, end });
    return end;
  }

  private beginLine(at: number): void {
    let columns = 0;
    for (let i = this.lineStart; i < at; i += 1) {
      const code = this.text.charCodeAt(i);
      // A form feed begins a page.
      columns = code === 9 ? columns + 8 - (columns % 8) : code === 12 ? 0 : columns + 1;
    }
    this.indent = columns;
    this.inLine = true;
  }

  private readToken(kind: number, at: number): void {
    const { text } = this;
    switch (kind) {
      case word:
        this.readWord(at);
        return;
      case digit:
        this.readNumber(at);
        return;
      case quote:
        this.readString(at, false);
        return;
      case opening:
        this.depth += 1;
        this.setOperator(at, at + 1);
        return;
      case closing:
        if (this.depth === 0) this.setError(at + 1);
        else {
          this.depth -= 1;
          this.setOperator(at, at + 1);
        }
        return;
      case dot:
        if (kinds[text.charCodeAt(at + 1)] === digit) this.readNumber(at);
        else this.setOperator(at, text.startsWith('...', at) ? at + 3 : at + 1);
        return;
      case operator:
        operators.lastIndex = at;
        operators.test(text);
        this.setOperator(at, operators.lastIndex);
        return;
      default:
        this.setError(at + 1);
    }
  }

  private setOperator(start: number, end: number): void {
    this.kind = 'operator';
    this.value = this.text.slice(start, end);
    this.end = end;
  }

  private setError(end: number): void {
    this.kind = 'error';
    this.end = end;
  }

  private readWord(at: number): void {
    const { text, limit } = this;
    let isPlain = true;
    let end = at;
    for (; end < limit; end += 1) {
      const code = text.charCodeAt(end);
      if (code >= 128) isPlain = false;
      else if (kinds[code] !== word && kinds[code] !== digit) break;
    }
    const value = text.slice(at, end);
    if (end - at < 3 && kinds[text.charCodeAt(end)] === quote && prefix.test(value)) {
      this.readString(end, /[ft]/i.test(value));
      return;
    }
    this.value = value;
    this.kind = keywords.has(value) ? 'keyword' : 'name';
    if (isPlain || identifier.test(value)) this.end = end;
    else this.setError(end);
  }

  private readNumber(at: number): void {
    const { text } = this;
    numbers.lastIndex = at;
    numbers.test(text);
    const end = numbers.lastIndex;
    const after = text.charCodeAt(end);
    this.kind = 'number';
    this.end = end;
    // 10L of Python 2.
    if (after >= 128 || kinds[after] === word) this.setError(end + 1);
  }

  /** @param at of the quote; what is in a formatted string is read by who reads expressions */
  private readString(at: number, isFormatted: boolean): void {
    const { text } = this;
    const mark = text[at] as string;
    const isLong = text[at + 1] === mark && text[at + 2] === mark;
    const from = at + (isLong ? 3 : 1);
    this.kind = isFormatted ? 'formatted' : 'string';
    this.end = isFormatted ? from : this.endOfString(from, isLong ? mark.repeat(3) : mark);
    if (this.end < 0) this.setError(isLong ? from : endOfLine(text, from, this.limit));
  }

  /** After the mark that closes a string whose text begins here; -1: there is none. */
  protected endOfString(from: number, mark: string): number {
    const { text, limit } = this;
    const first = mark.charCodeAt(0);
    for (let at = from; at < limit; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 92) at = Math.max(at + 1, afterLineBreak(text, at + 1) - 1);
      else if (mark.length === 1) {
        if (code === first) return at + 1;
        if (kinds[code] === newline) return -1;
      } else if (code === first && text.startsWith(mark, at)) return at + 3;
    }
    return -1;
  }

  protected at(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  protected atLineEnd(): boolean {
    return this.kind === 'newline' || this.kind === 'end';
  }

  protected is(value: string): boolean {
    return this.value === value && (this.kind === 'operator' || this.kind === 'keyword');
  }

  /** Takes this operator or keyword, if it is at hand. */
  protected take(value: string): boolean {
    if (!this.is(value)) return false;
    this.next();
    return true;
  }
}

/** -1: no line ends here. */
function afterLineBreak(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 10) return at + 1;
  if (code !== 13) return -1;
  return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
}

export function endOfLine(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && kinds[text.charCodeAt(end)] !== newline) end += 1;
  return end;
}

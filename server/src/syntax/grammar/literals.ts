import { detached } from '../detached.ts';
import { readString } from '../strings.ts';
import type { Expression, Identifier } from '../tree.ts';
import { endOfLine, syntaxError, Tokens } from './tokens.ts';

/** More than people write, and less than exhausts the stack. */
const maximumNesting = 100;

/** Reads numbers and strings, those with expressions in them among them. */
export abstract class Literals extends Tokens {
  /** Where something first was wrong that was put up with; null: nowhere. */
  brokenAt: number | null = null;
  /** The tree is kept when the text is not. */
  protected readonly outlivesText: boolean;

  constructor(text: string, from: number, to: number, outlivesText: boolean) {
    super(text, from, to);
    this.outlivesText = outlivesText;
  }

  /** Reads what stands in the braces of a formatted string. */
  protected abstract fieldValue(): Expression;

  /** Something is wrong here. */
  protected fail(): void {
    if (!this.isTolerant) throw syntaxError;
    this.breakAt(this.start);
  }

  protected breakAt(offset: number): void {
    this.brokenAt = Math.min(this.brokenAt ?? offset, offset);
  }

  protected expect(value: string): void {
    if (!this.take(value)) this.fail();
  }

  protected kept(text: string): string {
    return this.outlivesText ? detached(text) : text;
  }

  protected enter(): void {
    this.nesting += 1;
    if (this.nesting > maximumNesting) throw syntaxError;
  }

  protected leave(): void {
    this.nesting -= 1;
  }

  protected identifier(): Identifier {
    const { start, end, value } = this;
    if (this.kind !== 'name') {
      this.fail();
      return { text: '', start, end: start };
    }
    this.next();
    return { text: this.kept(value), start, end };
  }

  /** Stands for an expression that is not here; takes what is no token. */
  protected missing(): Expression {
    this.fail();
    const { start } = this;
    if (this.kind === 'error') this.next();
    else this.previousEnd = start;
    return { kind: 'broken', parts: [], start, end: this.previousEnd };
  }

  protected number(): Expression {
    const { start, end } = this;
    const text = this.text.slice(start, end).replaceAll('_', '');
    this.next();
    const isImaginary = /j$/i.test(text);
    const isFloat = /^[^xX]*[.eE]/.test(text);
    return { kind: 'number', value: isImaginary ? Number.NaN : Number(text), isFloat, start, end };
  }

  /** Literals that stand side by side are one. */
  protected strings(): Expression {
    const { start } = this;
    const values: Expression[] = [];
    const literals: { start: number; end: number }[] = [];
    let isFormatted = false;
    while (this.kind === 'string' || this.kind === 'formatted') {
      if (this.kind === 'formatted') {
        isFormatted = true;
        this.formatted(values);
      } else {
        literals.push({ start: this.start, end: this.end });
        this.next();
      }
    }
    const end = this.previousEnd;
    if (isFormatted) return { kind: 'formatted', values, start, end };
    const parts = literals.map((literal) =>
      readString(this.text.slice(literal.start, literal.end)),
    );
    const first = parts[0] as (typeof parts)[number];
    const value = parts.length === 1 ? first.value : parts.map((part) => part.value).join('');
    return {
      kind: 'string',
      value: this.kept(value),
      bytes: first.bytes,
      opening: this.kept(first.opening),
      start,
      end,
    };
  }

  /** Reads the formatted string whose opening is at hand, and what it interpolates. */
  private formatted(values: Expression[]): void {
    const from = this.end;
    const opening = this.text.slice(this.start, from);
    const isRaw = /r/i.test(opening);
    const mark = opening.replace(/^[a-z]+/i, '');
    const read = (): FormattedText => {
      const string: FormattedText = { mark, isRaw, values: [] };
      this.end = this.formattedText(from, mark, string);
      return string;
    };
    const string = this.isTolerant ? this.strictly(read) : read();
    if (string !== null) values.push(...string.values);
    else {
      this.breakAt(from);
      const end = this.endOfString(from, mark);
      this.end = end < 0 ? endOfLine(this.text, from, this.limit) : end;
    }
    this.kind = 'string';
    this.next();
  }

  /** @param close the quotes of the string, or the brace of the field whose format begins here; after it */
  private formattedText(from: number, close: string, string: FormattedText): number {
    const { text, limit } = this;
    const { mark, isRaw } = string;
    for (let at = from; at < limit; at += 1) {
      const character = text[at] as string;
      if (text.startsWith(close, at)) return at + close.length;
      if (text.startsWith(mark, at) || (character === '\n' && mark.length === 1)) break;
      if (character === '{') {
        if (text[at + 1] === '{') at += 1;
        else at = this.field(at, string) - 1;
      } else if (character === '}') {
        if (text[at + 1] !== '}') break;
        at += 1;
      } else if (character === '\\') at = afterEscape(text, at, isRaw) - 1;
    }
    throw syntaxError;
  }

  /** Reads the field whose brace is here; after the one that closes it. */
  private field(at: number, string: FormattedText): number {
    const { depth } = this;
    this.depth = depth + 1;
    this.kind = 'operator';
    this.end = at + 1;
    this.next();
    this.enter();
    string.values.push(this.fieldValue());
    this.take('=');
    if (this.take('!')) this.identifier();
    let { end } = this;
    // In `{x:=5}` it is a format that begins with "=".
    if (this.is(':') || this.is(':=')) end = this.formattedText(this.start + 1, '}', string);
    else if (!this.is('}')) throw syntaxError;
    this.leave();
    this.depth = depth;
    return end;
  }
}

interface FormattedText {
  readonly mark: string;
  readonly isRaw: boolean;
  readonly values: Expression[];
}

/** After the backslash that is here and what it stands before; a brace is a brace nevertheless. */
function afterEscape(text: string, at: number, isRaw: boolean): number {
  if (!isRaw && text.startsWith('N{', at + 1)) {
    const end = text.indexOf('}', at);
    if (end < 0) throw syntaxError;
    return end + 1;
  }
  const next = text[at + 1];
  if (next === '{' || next === '}') return at + 1;
  return next === '\r' && text[at + 2] === '\n' ? at + 3 : at + 2;
}

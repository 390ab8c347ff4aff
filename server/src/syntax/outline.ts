import {
  backslash,
  blank,
  closing,
  control,
  digit,
  hash,
  kindsOf,
  newline,
  opening,
  quote,
  word,
} from './characters.ts';

/** One statement on its line or lines, or the header of a compound one. */
export interface LogicalLine {
  readonly start: number;
  /** After its last token: a comment that follows is not in it. */
  readonly end: number;
  /** Columns before it. */
  readonly indent: number;
}

/** A function in no other function, whose body has lines of its own. */
export interface OutlinedFunction {
  /** Index of the line with `def`. */
  readonly header: number;
  /** Index after the last line of its body. */
  readonly next: number;
}

/** What a Python text consists of, told without parsing it. */
export interface Outline {
  readonly text: string;
  readonly lines: readonly LogicalLine[];
  readonly functions: readonly OutlinedFunction[];
  readonly comments: readonly { readonly start: number; readonly end: number }[];
  /**
   * Names, keywords and what string literals hold that is no prose, each with the lines that it is in; not
   * what docstrings hold. `to()` is a statement that does nothing with what its call of `to` returns.
   */
  readonly words: ReadonlyMap<string, readonly number[]>;
}

/** null: not told without parsing, because of tabs, lines that end with CR, indentation that does not fit, or brackets and strings that nothing closes. */
export const outlineOf = (text: string): Outline | null =>
  text.includes('\r') && loneReturn.test(text) ? null : new Scanner(text).scan();

const loneReturn = /\r(?!\n)/;

/** Python itself has no more than a hundred blocks in one another. */
const maximumIndent = 1_000;

const kinds = kindsOf(
  [
    [' \r\f', blank],
    ['\n', newline],
  ],
  (code) => (code < 32 ? control : 0),
);

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (kinds[code] as number) : word;
}

class Scanner {
  private readonly text: string;
  private at = 0;
  private readonly lines: LogicalLine[] = [];
  private readonly comments: { start: number; end: number }[] = [];
  private readonly words = new Map<string, number[]>();
  /** Of the line that is read: where it starts (-1: nowhere yet), ends, and its string when it has no more than that. */
  private start = -1;
  private end = 0;
  private lone: string | null = null;
  /** The last name, what is called last outside of brackets, and whether it matters what the call returns. */
  private name = '';
  private called = '';
  private isUsed = false;

  constructor(text: string) {
    this.text = text;
  }

  scan(): Outline | null {
    const { text, lines, comments, words } = this;
    let depth = 0;
    let margin = 0;
    while (this.at < text.length) {
      const { at } = this;
      const kind = kindAt(text, at);
      if (kind === blank) {
        this.at += 1;
        continue;
      }
      if (kind === newline) {
        this.at += 1;
        if (depth === 0) this.endLine(margin);
        if (this.start < 0) margin = this.at;
        continue;
      }
      if (kind === hash) {
        this.at = endOfLine(text, at);
        comments.push({ start: at, end: this.at });
        continue;
      }
      if (kind === backslash) {
        const next = text.indexOf('\n', at) + 1;
        // What begins with one is not where it seems to be.
        if (this.start < 0 || next === 0 || next - at > 3) return null;
        this.at = next;
        continue;
      }
      if (kind === control) return null;
      const isFirst = this.start < 0;
      if (isFirst) this.start = at;
      if (isFirst && at - margin > maximumIndent) return null;
      if (kind === quote) {
        if (!this.readString(at, isFirst, false)) return null;
      } else {
        if (this.lone !== null) this.flush();
        if (kind === word) {
          if (!this.readWord()) return null;
        } else if (kind === digit) this.at = endOfWord(text, at);
        else {
          this.at += 1;
          if (kind === opening) {
            if (depth === 0) this.called = this.name;
            depth += 1;
          } else if (kind === closing) depth -= 1;
          else if (depth === 0) this.readOperator(text[at] as string);
          if (depth < 0) return null;
          this.name = '';
        }
      }
      this.end = this.at;
    }
    if (depth > 0) return null;
    this.endLine(margin);
    const functions = functionsIn(text, lines);
    return functions === null ? null : { text, lines, functions, comments, words };
  }

  private endLine(margin: number): void {
    if (this.start < 0) return;
    this.endStatement();
    this.lines.push({ start: this.start, end: this.end, indent: this.start - margin });
    this.start = -1;
    this.lone = null;
  }

  private endStatement(): void {
    if (!this.isUsed && this.called !== '' && this.text[this.end - 1] === ')')
      this.add(`${this.called}()`);
    this.called = '';
    this.isUsed = false;
  }

  private readOperator(operator: string): void {
    if (operator === ';') this.endStatement();
    else if (operator === '=') this.isUsed = true;
  }

  private add(name: string): void {
    const line = this.lines.length;
    const known = this.words.get(name);
    if (known === undefined) this.words.set(name, [line]);
    else if (known[known.length - 1] !== line) known.push(line);
  }

  /** Prose leads to no finding, but for the beginning of an error that programs look for. */
  private addText(value: string): void {
    if (!/\s/.test(value) || value.startsWith('CUDA out of memory')) this.add(value);
  }

  private addNames(field: string): void {
    for (const [name] of field.matchAll(names)) this.add(name);
  }

  /** What begins with a string goes on: it is no docstring. */
  private flush(): void {
    if (this.lone !== null) this.addText(this.lone);
    this.lone = null;
  }

  /** A name, or a string with letters before its quote; false when nothing closes it. */
  private readWord(): boolean {
    const { text, at } = this;
    const end = endOfWord(text, at);
    const name = text.slice(at, end);
    this.at = end;
    if (end - at < 3 && kindAt(text, end) === quote && /^[rbuft]{1,2}$/i.test(name))
      return this.readString(end, this.start === at, /[ft]/i.test(name));
    this.add(name);
    this.name = name;
    if (uses.has(name)) this.isUsed = true;
    return true;
  }

  /** @param isFirst is it what the line begins with? */
  private readString(at: number, isFirst: boolean, isFormatted: boolean): boolean {
    const { text } = this;
    const end = endOfString(text, at, isFormatted);
    if (end < 0) return false;
    this.at = end;
    const marks = text[at] === text[at + 1] && end - at > 5 ? 3 : 1;
    const value = text.slice(at + marks, end - marks);
    if (isFormatted) for (const [field] of value.matchAll(fields)) this.addNames(field);
    this.flush();
    if (isFirst) this.lone = value;
    else this.addText(value);
    return true;
  }
}

/** Statements that do something with the value of what they call. */
const uses: ReadonlySet<string> = new Set(['assert', 'await', 'raise', 'return', 'yield']);

/** What stands in braces, in two levels at most: a format may have fields of its own. */
const fields = /\{(?:[^{}]|\{[^{}]*\})*\}/g;
const names = /[A-Za-z_\x80-\uffff][\w\x80-\uffff]*/g;

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

const restOfWord = /[\w\x80-\uffff]*/y;

const endOfWord = (text: string, at: number): number => endOfMatch(restOfWord, text, at + 1);

/** What strings have most of. */
const plainCharacters = /[^"'\\\n{]*/y;

/** Patterns are faster than a loop that has just begun to run: most of a text is in long stretches. */
function endOfMatch(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  sticky.test(text);
  return sticky.lastIndex;
}

/** More strings in one another are not looked into. */
const maximumNesting = 50;

/** After the quote that closes the string that opens here; -1: there is none. */
function endOfString(text: string, at: number, isFormatted: boolean, nesting = 0): number {
  if (nesting > maximumNesting) return -1;
  const mark = text[at] as string;
  const isLong = text[at + 1] === mark && text[at + 2] === mark;
  let end = at + (isLong ? 3 : 1);
  while (end < text.length) {
    end = endOfMatch(plainCharacters, text, end);
    const character = text[end];
    if (character === '\\') end += text[end + 1] === '\r' ? 3 : 2;
    else if (character === '\n' && !isLong) return -1;
    else if (character === mark) {
      if (!isLong) return end + 1;
      if (text[end + 1] === mark && text[end + 2] === mark) return end + 3;
      end += 1;
    } else if (isFormatted && character === '{') {
      end = text[end + 1] === '{' ? end + 2 : endOfReplacement(text, end, nesting);
      if (end < 0) return -1;
    } else end += 1;
  }
  return -1;
}

/** After the brace that closes the field of a formatted string that opens here: strings in it have any quotes. */
function endOfReplacement(text: string, at: number, nesting: number): number {
  let depth = 0;
  let end = at;
  while (end < text.length) {
    const kind = kindAt(text, end);
    if (kind === opening) depth += 1;
    else if (kind === closing) depth -= 1;
    else if (kind === newline || kind === hash || kind === backslash) return -1;
    if (kind === quote) {
      end = endOfString(
        text,
        end,
        /[ft]r?$/i.test(text.slice(Math.max(0, end - 2), end)),
        nesting + 1,
      );
      if (end < 0) return -1;
    } else end += 1;
    if (depth === 0) return end;
  }
  return -1;
}

const isHeader = (text: string, { start }: LogicalLine): boolean =>
  text.startsWith('def ', start) ||
  (text.startsWith('async ', start) && /^async +def /.test(text.slice(start, start + 20)));

/** null: a line is indented less than the body that it is in. */
function functionsIn(text: string, lines: readonly LogicalLine[]): OutlinedFunction[] | null {
  const functions: OutlinedFunction[] = [];
  for (let header = 0, next = 0; header < lines.length; header = next) {
    next = header + 1;
    const line = lines[header] as LogicalLine;
    if (!isHeader(text, line)) continue;
    const indent = lines[next]?.indent ?? 0;
    for (; next < lines.length && (lines[next] as LogicalLine).indent > line.indent; next += 1)
      if ((lines[next] as LogicalLine).indent < indent) return null;
    if (next > header + 1) functions.push({ header, next });
  }
  return functions;
}

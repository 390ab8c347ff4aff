/** Lines of a text, 0-based and inclusive. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** `case` is a name elsewhere: only with a colon at the end it is a clause. */
const clause = /^(?:(?:elif|else|except|finally)\b|case\b.*:[ \t]*(?:#.*)?$)/;

/**
 * The whole statement that a line belongs to, so that "run line" never sends half of one: brackets,
 * strings and backslashes are followed, a compound statement has its body, a clause (else, except, …)
 * its statement, and a definition its decorators. Works on lines alone: the text may be unfinished.
 */
export function statementAt(lines: readonly string[], line: number): LineRange {
  const logical = logicalLines(lines);
  let at = logical.findIndex(({ last }) => line <= last);
  if (at < 0) at = logical.length - 1;
  const place = logical[at];
  if (place === undefined) return { first: line, last: line };
  const indent = (i: number): number => indentOf(lines[logical[i]?.first ?? 0] ?? '');
  const text = (i: number): string => (lines[logical[i]?.first ?? 0] ?? '').trim();
  const own = indent(at);
  let first = at;
  while (clause.test(text(first)) && first > 0) {
    first -= 1;
    while (first > 0 && indent(first) > own) first -= 1;
  }
  while (first > 0 && text(first - 1).startsWith('@') && indent(first - 1) === own) first -= 1;
  let last = at;
  while (last + 1 < logical.length) {
    const follows =
      indent(last + 1) > own ||
      (indent(last + 1) === own && (clause.test(text(last + 1)) || text(last).startsWith('@')));
    if (!follows) break;
    last += 1;
  }
  return { first: logical[first]?.first ?? line, last: logical[last]?.last ?? line };
}

/** Blank lines and comments are no lines of code. */
function logicalLines(lines: readonly string[]): LineRange[] {
  const found: LineRange[] = [];
  let first = -1;
  let depth = 0;
  let quote: string | null = null;
  lines.forEach((text, i) => {
    if (first < 0 && /^\s*(?:#.*)?$/.test(text)) return;
    if (first < 0) first = i;
    let continued = false;
    for (let at = 0; at < text.length; at += 1) {
      const character = text[at] as string;
      if (quote !== null) {
        if (character === '\\') at += 1;
        else if (text.startsWith(quote, at)) {
          at += quote.length - 1;
          quote = null;
        }
      } else if (character === '#') break;
      else if (character === '"' || character === "'") {
        quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
        at += quote.length - 1;
      } else if ('([{'.includes(character)) depth += 1;
      else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
      else if (character === '\\' && at === text.length - 1) continued = true;
    }
    // A string in single quotes ends with its line, unless a backslash carries it on.
    if (quote?.length === 1 && !text.endsWith('\\')) quote = null;
    if (quote !== null || depth > 0 || continued) return;
    found.push({ first, last: i });
    first = -1;
  });
  if (first >= 0) found.push({ first, last: lines.length - 1 });
  return found;
}

/** Strings in three quotes that go over more than one line and are closed. */
export function longStrings(lines: readonly string[]): LineRange[] {
  const found: LineRange[] = [];
  let quote: string | null = null;
  let first = 0;
  lines.forEach((text, i) => {
    for (let at = 0; at < text.length; at += 1) {
      const character = text[at];
      if (quote !== null) {
        if (character === '\\') at += 1;
        else if (text.startsWith(quote, at)) {
          at += quote.length - 1;
          if (quote.length === 3 && first < i) found.push({ first, last: i });
          quote = null;
        }
      } else if (character === '#') break;
      else if (character === '"' || character === "'") {
        quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
        at += quote.length - 1;
        first = i;
      }
    }
    if (quote?.length === 1 && !text.endsWith('\\')) quote = null;
  });
  return found;
}

const indentOf = (text: string): number => /^\s*/.exec(text)?.[0].length ?? 0;

/** The lines without the indentation that all of them share, as a selection inside a block has. */
export function dedented(lines: readonly string[]): string[] {
  const indents = lines.filter((text) => text.trim() !== '').map(indentOf);
  const shared = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  return lines.map((text) => text.slice(Math.min(shared, indentOf(text))));
}

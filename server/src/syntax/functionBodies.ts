/** The block of a function, found without parsing. */
export interface FunctionBody {
  /** Where its `def` or `async def` begins. */
  readonly definition: number;
  /** From its first statement to the end of its last one. */
  readonly start: number;
  readonly end: number;
}

/**
 * The blocks of the outermost functions, those of methods among them, in source order. Null for a
 * text whose lines do not show where blocks end: it stops inside a bracket or a string.
 */
export function functionBodies(text: string): readonly FunctionBody[] | null {
  const bodies: FunctionBody[] = [];
  let header: Line | null = null;
  let start = -1;
  let end = -1;
  const close = (): void => {
    if (header !== null && start >= 0) bodies.push({ definition: header.start, start, end });
    header = null;
    start = -1;
  };
  for (const line of logicalLines(text)) {
    if (line === null) return null;
    if (header !== null && line.indent > header.indent) {
      if (start < 0) start = line.start;
    } else {
      close();
      definition.lastIndex = line.start;
      if (text[line.end - 1] === ':' && definition.test(text)) header = line;
    }
    end = line.end;
  }
  close();
  return bodies;
}

const definition = /(?:async[ \t]+)?def[ \t]/y;

/** Physical lines that are joined by brackets, strings and backslashes. */
interface Line {
  /** Columns before its first character; a tab goes to the next multiple of eight. */
  readonly indent: number;
  /** Its first character. */
  readonly start: number;
  /** After its last one that is neither space nor comment. */
  readonly end: number;
}

/** What matters for where a line ends; a quote alone is that of a string without an end. */
const tokens =
  /#[^\n]*|"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"""|'''[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'''|"(?:[^"\\\n]|\\(?:\r\n|[\s\S]))*"|'(?:[^'\\\n]|\\(?:\r\n|[\s\S]))*'|["'[({})\]\n]|\\\r?\n|\r(?!\n)/g;

/** The lines with code; null at last when the text stops inside one, or has line breaks of old Macs. */
function* logicalLines(text: string): Generator<Line | null> {
  let depth = 0;
  let begin = 0;
  let comment = -1;
  const lineTo = (stop: number): Line | null => {
    let end = comment === -1 ? stop : comment;
    while (end > begin && isSpace(text.charCodeAt(end - 1))) end -= 1;
    let start = begin;
    let indent = 0;
    for (; start < end && isSpace(text.charCodeAt(start)); start++)
      indent = text[start] === '\t' ? indent - (indent % 8) + 8 : indent + 1;
    return start < end ? { indent, start, end } : null;
  };
  tokens.lastIndex = 0;
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match;
    switch (token[0]) {
      case '#':
        comment = match.index;
        break;
      case '(':
      case '[':
      case '{':
        depth += 1;
        break;
      case ')':
      case ']':
      case '}':
        depth = Math.max(0, depth - 1);
        break;
      case '\n': {
        if (depth > 0) break;
        const line = lineTo(match.index);
        if (line !== null) yield line;
        begin = match.index + 1;
        comment = -1;
        break;
      }
      default:
        if (token === '"' || token === "'" || token === '\r') {
          yield null;
          return;
        }
    }
  }
  if (depth > 0) yield null;
  const last = lineTo(text.length);
  if (last !== null) yield last;
}

const isSpace = (character: number): boolean =>
  character === 32 || (character >= 9 && character <= 13);

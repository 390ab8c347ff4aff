/** Strings and comments of Python, as far as they can be told while they are being written. */
const pieces =
  /#[^\n]*|(?:"""(?:\\[\s\S]|(?!""")[^\\])*(?:"""|$))|(?:'''(?:\\[\s\S]|(?!''')[^\\])*(?:'''|$))|"(?:\\.|[^"\\\n])*(?:"|$|(?=\n))|'(?:\\.|[^'\\\n])*(?:'|$|(?=\n))/g;

/** Is what begins at an offset code, and not part of a string or a comment? */
export function isCode(text: string, offset: number): boolean {
  pieces.lastIndex = 0;
  for (let match = pieces.exec(text); match !== null; match = pieces.exec(text)) {
    if (match.index >= offset) return true;
    if (offset < match.index + match[0].length) return false;
  }
  return true;
}

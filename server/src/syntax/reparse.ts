import type { Comment, Module, Statement } from './tree.ts';

/** Parses a stretch of the new text. */
type ParseStretch = (from: number, to: number) => Pick<Module, 'body' | 'comments' | 'broken'>;

/**
 * The module of a text that was edited: only the top-level statements that the edit touches, and one on
 * either side, are parsed; the others are taken from the module before it. Null when that would not be
 * what parsing the whole text gives, as with broken code, which can change all that follows it.
 */
export function reparse(
  before: Module,
  text: string,
  parse: ParseStretch,
): Pick<Module, 'body' | 'comments'> | null {
  const { body, comments } = before;
  if (before.broken || before.cellStarts.length > 1) return null;
  if (body.some(({ kind }) => kind === 'magic')) return null;
  const { same, changedTo } = changedStretch(before.text, text);
  const moved = text.length - before.text.length;

  let first = body.findIndex(({ end }) => end >= same);
  first = Math.max(0, (first === -1 ? body.length : first) - 1);
  while (first > 0 && !beginsLine(before.text, body[first] as Statement)) first -= 1;
  let next = body.findIndex(({ start }) => start > changedTo);
  next = next === -1 ? body.length : next + 1;
  while (next < body.length && !beginsLine(before.text, body[next] as Statement)) next += 1;

  const from = first === 0 ? 0 : (body[first] as Statement).start;
  const to = body[next]?.start ?? before.text.length;
  // What follows would belong to the last line.
  if (/\\\s*$/.test(text.slice(from, to + moved))) return null;
  const parsed = parse(from, to + moved);
  if (parsed.broken) return null;
  return {
    body: [
      ...body.slice(0, first),
      ...parsed.body,
      ...body.slice(next).map((statement) => shifted(statement, moved)),
    ],
    comments: [
      ...comments.filter(({ start }) => start < from),
      ...parsed.comments,
      ...comments.filter(({ start }) => start >= to).map((one): Comment => shifted(one, moved)),
    ],
  };
}

/** What differs: the length of the common beginning, and where the difference ends in the old text. */
function changedStretch(before: string, after: string): { same: number; changedTo: number } {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before.charCodeAt(same) === after.charCodeAt(same)) same += 1;
  let tail = 0;
  while (
    tail < shorter - same &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail += 1;
  return { same, changedTo: before.length - tail };
}

const beginsLine = (text: string, { start }: Statement): boolean =>
  start === 0 || text[start - 1] === '\n';

/** A copy whose spans lie elsewhere. */
function shifted<T>(node: T, by: number): T {
  if (by === 0 || typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((part) => shifted(part, by)) as T;
  const copy = { ...node } as Record<string, unknown>;
  for (const key in copy) {
    const value = copy[key];
    if (key === 'start' || key === 'end') copy[key] = (value as number) + by;
    else if (typeof value === 'object') copy[key] = shifted(value, by);
  }
  return copy as T;
}

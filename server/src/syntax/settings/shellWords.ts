import type { Comment, Span } from '../tree.ts';

export interface ShellWord extends Span {
  /** As written, without the quotes around a value. */
  readonly raw: string;
  /** Without quotes and escapes; null when the shell puts something else in. */
  readonly value: string | null;
}

export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** `if` and `case` around it. */
  readonly depth: number;
}

/** Words that begin commands and belong to none. */
const keywords = new Set([
  'then',
  'do',
  'else',
  'elif',
  'while',
  'until',
  '!',
  'time',
  'sudo',
  '{',
]);
const opening = new Set(['if', 'case', 'elif']);
const closing = new Set(['fi', 'esac']);

/**
 * The simple commands of a script. What is not understood gives words that mean nothing: nothing throws.
 * @param comments is filled
 */
export function readCommands(
  text: string,
  start: number,
  end: number,
  comments: Comment[],
): ShellCommand[] {
  const commands: ShellCommand[] = [];
  const heredocs: string[] = [];
  let words: ShellWord[] = [];
  let depth = 0;
  let at = start;

  const finish = (): void => {
    while (words[0] !== undefined && isKeyword(words[0].raw)) {
      const { raw } = words[0];
      if (opening.has(raw) && raw !== 'elif') depth += 1;
      if (closing.has(raw)) depth = Math.max(0, depth - 1);
      words = words.slice(1);
    }
    if (words.length > 0) commands.push({ words, depth });
    words = [];
  };

  while (at < end) {
    const char = text[at] as string;
    if (char === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at += text[at + 1] === '\r' ? 3 : 2;
    } else if (char === '\n') {
      finish();
      at += 1;
      for (const terminator of heredocs.splice(0)) at = afterHeredoc(text, at, end, terminator);
    } else if (/\s/.test(char)) {
      at += 1;
    } else if (char === '#') {
      const newline = text.indexOf('\n', at);
      const stop = newline === -1 || newline > end ? end : newline;
      comments.push({ start: at, end: stop, text: text.slice(at, stop).trimEnd() });
      at = stop;
    } else if (text.startsWith('<<', at) && !text.startsWith('<<<', at)) {
      const match = /^<<-?\s*(["']?)([\w.-]+)\1/.exec(text.slice(at, Math.min(end, at + 100)));
      if (match !== null) heredocs.push(match[2] as string);
      at += match?.[0].length ?? 2;
    } else if (/[;&|()<>]/.test(char)) {
      if (!/[<>]/.test(char)) finish();
      at += 1;
    } else {
      const word = readWord(text, at, end);
      words.push(word);
      at = Math.max(word.end, at + 1);
    }
  }
  finish();
  return commands;
}

const isKeyword = (raw: string): boolean =>
  keywords.has(raw) || opening.has(raw) || closing.has(raw);

function readWord(text: string, start: number, end: number): ShellWord {
  let at = start;
  let value = '';
  let known = true;
  while (at < end && !/[\s;&|()<>]/.test(text[at] as string)) {
    const char = text[at] as string;
    if (char === "'" || char === '"') {
      const close = closingQuote(text, at, end);
      const inside = text.slice(at + 1, close);
      if (char === '"' && /[$`]/.test(inside)) known = false;
      value += inside;
      at = close + 1;
    } else if (char === '\\') {
      value += text[at + 1] ?? '';
      at += 2;
    } else if (char === '$' && text[at + 1] === '(') {
      known = false;
      at = afterParentheses(text, at + 1, end);
    } else {
      if (char === '$' || char === '`' || char === '*') known = false;
      value += char;
      at += 1;
    }
  }
  const stop = Math.min(at, end);
  return { start, end: stop, raw: text.slice(start, stop), value: known ? value : null };
}

function closingQuote(text: string, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    if (text[at] === '\\' && text[open] === '"') at += 1;
    else if (text[at] === text[open]) return at;
  }
  return end;
}

function afterParentheses(text: string, open: number, end: number): number {
  let depth = 0;
  for (let at = open; at < end; at++) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return end;
}

function afterHeredoc(text: string, start: number, end: number, terminator: string): number {
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const stop = newline === -1 ? end : newline;
    if (text.slice(at, stop).trim() === terminator) return Math.min(end, stop + 1);
    at = stop + 1;
  }
  return end;
}

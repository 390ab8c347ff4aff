import type { Comment } from '../tree.ts';
import type { ProgramSetting, SettingsText } from './setting.ts';
import { readShell } from './shell.ts';

/**
 * Dockerfiles: the variables of ENV, and those that RUN exports. What pip is told there is for the Linux of the
 * container, so it is no matter of a Mac.
 */
export function readDockerfile(text: string): SettingsText {
  const settings: ProgramSetting[] = [];
  const comments: Comment[] = [];
  for (const { keyword, start, end } of instructions(text, comments)) {
    if (keyword === 'ENV') settings.push(...variables(text, start, end));
    else if (keyword === 'RUN' && text[start] !== '[')
      settings.push(
        ...readShell(text, start, end).settings.filter(({ kind }) => kind === 'variable'),
      );
  }
  return { settings, comments };
}

interface Instruction {
  readonly keyword: string;
  /** Of what follows the keyword. */
  readonly start: number;
  readonly end: number;
}

function* instructions(text: string, comments: Comment[]): Generator<Instruction> {
  let at = 0;
  while (at < text.length) {
    const line = lineAt(text, at);
    if (/^[ \t]*#/.test(line)) {
      const start = at + line.indexOf('#');
      comments.push({
        start,
        end: at + line.length,
        text: line.slice(line.indexOf('#')).trimEnd(),
      });
      at += line.length + 1;
      continue;
    }
    let end = at + line.length;
    // Comment lines inside a continued instruction are left out by Docker.
    while (end < text.length && /\\[ \t]*\r?$/.test(lastLine(text, at, end)))
      end = afterComments(text, end + 1);
    const match = /^[ \t]*([A-Za-z]+)[ \t]+/.exec(text.slice(at, end));
    if (match !== null)
      yield { keyword: (match[1] as string).toUpperCase(), start: at + match[0].length, end };
    at = end + 1;
  }
}

const lineAt = (text: string, at: number): string => {
  const newline = text.indexOf('\n', at);
  return text.slice(at, newline === -1 ? text.length : newline);
};

const lastLine = (text: string, start: number, end: number): string =>
  text.slice(Math.max(start, text.lastIndexOf('\n', end - 1) + 1), end);

/** The end of the first line from `at` on that is no comment. */
function afterComments(text: string, at: number): number {
  let start = at;
  while (start < text.length && /^[ \t]*#/.test(lineAt(text, start)))
    start += lineAt(text, start).length + 1;
  return Math.min(text.length, start + lineAt(text, start).length);
}

function variables(text: string, start: number, end: number): ProgramSetting[] {
  const old = /^([A-Za-z_]\w*)[ \t]+([^\n=]*)$/.exec(text.slice(start, end).trimEnd());
  if (old !== null) {
    const [whole, name = '', value = ''] = old;
    const valueStart = start + whole.length - value.length;
    return [
      {
        kind: 'variable',
        start,
        end: start + whole.length,
        name,
        value: value.includes('$') ? null : value,
        valueSpan: { start: valueStart, end: start + whole.length },
        beside: (other, otherValue) => ({
          start: start + whole.length,
          end: start + whole.length,
          text: `\nENV ${other} ${otherValue}`,
        }),
      },
    ];
  }
  return readShell(text, start, end).settings.filter(({ kind }) => kind === 'variable');
}

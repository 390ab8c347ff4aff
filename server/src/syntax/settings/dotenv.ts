import type { Comment } from '../tree.ts';
import type { ProgramSetting, SettingsText } from './setting.ts';

const assignment =
  /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^#\n]*?))[ \t]*(#[^\n]*)?\r?$/;

/** `.env` files, as python-dotenv, VS Code and docker read them: one variable a line. */
export function readDotenv(text: string): SettingsText {
  const settings: ProgramSetting[] = [];
  const comments: Comment[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const from = start;
    start += line.length + 1;
    const comment = /^[ \t]*(#.*?)\r?$/.exec(line);
    if (comment !== null) {
      const at = from + line.indexOf('#');
      comments.push({
        start: at,
        end: at + (comment[1] as string).length,
        text: comment[1] as string,
      });
      continue;
    }
    // Nobody wrote a longer one, and white space without end would take as long.
    const match = line.length > 10_000 ? null : assignment.exec(line);
    if (match === null) continue;
    const [, prefix = '', name = '', double, single, plain, trailing] = match;
    if (trailing !== undefined) {
      const at = from + line.lastIndexOf(trailing);
      comments.push({ start: at, end: at + trailing.length, text: trailing });
    }
    const raw = double ?? single ?? plain ?? '';
    const equals = prefix.length + line.slice(prefix.length).search(/[=:]/);
    const value = from + line.indexOf(raw, equals + 1);
    const quoted = raw === plain ? 0 : 1;
    const lineEnd = from + line.replace(/\r$/, '').length;
    settings.push({
      kind: 'variable',
      start: from + prefix.search(/\S|$/),
      end: value + raw.length + quoted,
      name,
      value: raw.includes('$') && single === undefined ? null : raw,
      valueSpan: { start: value, end: value + raw.length },
      beside: (other, otherValue) => ({
        start: lineEnd,
        end: lineEnd,
        text: `${line.endsWith('\r') ? '\r\n' : '\n'}${prefix}${other}=${otherValue}`,
      }),
    });
  }
  return { settings, comments };
}

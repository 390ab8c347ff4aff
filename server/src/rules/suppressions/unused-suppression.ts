import type { Edit } from '../finding.ts';
import type { NewFinding, Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import type { SuppressedCode, Suppression } from './suppression.ts';

/** The engine reports it: only there it is known what a comment silences. */
export const rule: Rule = {
  meta: {
    name: 'unused-suppression',
    code: 'MPS900',
    severity: 'hint',
    summary: 'A suppression comment silences nothing',
    since: '0.1.0',
    fix: 'safe',
  },
  words: null,
  on: {},
};

/** @param unused the codes that silence nothing; null when the comment has none and silences nothing. */
export function unusedSuppression(
  text: string,
  suppression: Suppression,
  unused: readonly SuppressedCode[] | null,
): NewFinding {
  const where = suppression.kind === 'ignore-file' ? 'in this file' : 'on this line';
  const kept = (suppression.codes ?? []).filter((code) => unused?.includes(code) === false);
  const [first] = unused ?? [];
  const last = unused?.at(-1);
  const names = (unused ?? []).map(({ code }) => code).join(', ');
  return {
    at:
      kept.length === 0 || first === undefined || last === undefined
        ? suppression
        : { start: first.start, end: last.end },
    message:
      unused === null
        ? `Silences nothing: Smelt finds nothing ${where}.`
        : `Silences nothing: ${names} ${unused.length === 1 ? 'is' : 'are'} not found ${where}.`,
    tags: ['unnecessary'],
    fixes: [
      kept.length === 0
        ? fix('Remove the comment', 'safe', () => [removal(text, suppression)])
        : fix(`Remove ${names}`, 'safe', () => [rewritten(suppression, kept)]),
    ],
  };
}

/** Without the blanks before it; a line that holds nothing else goes with it. */
function removal(text: string, { start, end }: Suppression): Edit {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(lineStart, start);
  const after = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  const isLast = /^(\r?\n|$)/.test(text.slice(end + after));
  if (!isLast) return { start, end: end + after, text: '' };
  if (before.trim() !== '')
    return { start: start - (before.length - before.trimEnd().length), end: end + after, text: '' };
  const newline = /^\r?\n/.exec(text.slice(end + after))?.[0].length ?? 0;
  return { start: lineStart, end: end + after + newline, text: '' };
}

function rewritten({ codes }: Suppression, kept: readonly SuppressedCode[]): Edit {
  const start = codes?.[0]?.start ?? 0;
  const end = codes?.at(-1)?.end ?? 0;
  return { start, end, text: kept.map(({ code }) => code).join(', ') };
}

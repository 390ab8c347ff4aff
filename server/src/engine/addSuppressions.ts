import type { Edit, Finding } from '../rules/finding.ts';
import type { Suppression } from '../rules/suppressions/suppression.ts';
import { suppressionsOf } from '../rules/suppressions/suppression.ts';
import type { Module, Span } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';
import { suppressibleAt } from './suppressions.ts';

/** `# noqa: MPS101`, which other linters know, or `# smelt: ignore[MPS101]`. */
export type SuppressionStyle = 'noqa' | 'ignore';

/** Edits that silence the findings: a comment at the end of their lines, or a code in the one there. */
export function addSuppressions(
  module: Module,
  findings: readonly Finding[],
  style: SuppressionStyle,
): Edit[] {
  const suppressions = suppressionsOf(module);
  const inStrings = stringSpans(module);
  const byLine = new Map<number, Set<string>>();
  for (const finding of findings) {
    const end = suppressibleAt(module, finding)
      .map((offset) => lineEnd(module.text, offset))
      .find((at) => takesComment(module.text, inStrings, at));
    // No place: a string over several lines that nothing follows. The finding stays.
    if (end !== undefined) byLine.set(end, (byLine.get(end) ?? new Set()).add(finding.code));
  }
  const there = new Map<number, Suppression>();
  for (const suppression of suppressions) {
    const end = lineEnd(module.text, suppression.start);
    if (suppression.kind !== 'ignore-file' && suppression.codes !== null && !there.has(end))
      there.set(end, suppression);
  }
  return [...byLine].map(([end, codes]) =>
    suppressionEdit(end, there.get(end), [...codes].sort().join(', '), style),
  );
}

function suppressionEdit(
  end: number,
  there: Suppression | undefined,
  codes: string,
  style: SuppressionStyle,
): Edit {
  const last = there?.codes?.at(-1);
  if (last !== undefined) return { start: last.end, end: last.end, text: `, ${codes}` };
  const comment = style === 'noqa' ? `  # noqa: ${codes}` : `  # smelt: ignore[${codes}]`;
  return { start: end, end, text: comment };
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  const end = newline === -1 ? text.length : newline;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** Not after a backslash, and not inside a string. */
const takesComment = (text: string, strings: readonly Span[], at: number): boolean =>
  text[at - 1] !== '\\' && !strings.some(({ start, end }) => start < at && at < end);

/** Strings over several lines. */
function stringSpans(module: Module): Span[] {
  const spans: Span[] = [];
  walk(module.body, (node) => {
    if (node.kind !== 'string' && node.kind !== 'formatted') return;
    if (module.text.slice(node.start, node.end).includes('\n')) spans.push(node);
  });
  return spans;
}

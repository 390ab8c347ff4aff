import type { Hover } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import { rules } from '../engine/registry.gen.ts';
import { rulePages } from '../engine/rulePages.gen.ts';
import { ruleUrl } from '../engine/ruleUrl.ts';
import type { AnalysedProgram } from './documents.ts';

/** The page of the rule whose finding or code is under the cursor. */
export function hoverAt(
  analysed: AnalysedProgram,
  uri: string,
  line: number,
  character: number,
): Hover | null {
  const offset = analysed.offsetIn(uri, line, character);
  if (offset === null) return null;
  const comment = analysed.module.comments.find(
    ({ start, end }) => start <= offset && offset <= end,
  );
  if (comment !== undefined) {
    const code = codeInComment(comment.text, offset - comment.start);
    return code === null ? null : hoverFor(code);
  }
  const finding = analysed.findings.find(({ start, end }) => start <= offset && offset <= end);
  return finding === undefined
    ? null
    : ({ ...hoverFor(finding.code), range: analysed.locate(finding).range } as Hover);
}

/** The code that the cursor is on in `# noqa: MPS101` or `# smelt: ignore[MPS101]`. */
function codeInComment(comment: string, at: number): string | null {
  if (!/#\s*(noqa:|smelt:\s*ignore)/.test(comment)) return null;
  for (const match of comment.matchAll(/\b(?:MPS|MLX)\d{3}\b/g)) {
    if (match.index <= at && at <= match.index + match[0].length) return match[0];
  }
  return null;
}

function hoverFor(code: string): Hover | null {
  const meta = rules.find((rule) => rule.meta.code === code)?.meta;
  if (meta === undefined) return null;
  return {
    contents: {
      kind: MarkupKind.Markdown,
      value: `**${meta.code}** \`${meta.name}\`\n\n${beginningOf(rulePages[meta.name] ?? meta.summary)}\n\n[The whole page](${ruleUrl(meta.name)})`,
    },
  };
}

/** What the rule does and why; examples are for the whole page. */
function beginningOf(page: string): string {
  const body = page.slice(page.indexOf('## What it does'));
  const end = body.indexOf('## Example');
  return body
    .slice(0, end === -1 ? undefined : end)
    .replace(/^## .*$/gm, '')
    .trim()
    .replace(/\n{3,}/g, '\n\n');
}

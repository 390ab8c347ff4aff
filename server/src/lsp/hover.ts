import type { Hover, Range } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import { rules } from '../engine/registry.gen.ts';
import { rulePages } from '../engine/rulePages.gen.ts';
import { ruleUrl } from '../engine/ruleUrl.ts';
import type { ServerSettings } from '../protocol/messages.ts';
import type { Module } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';
import type { EnvironmentVariable } from '../tables/environmentVariable.ts';
import { variableNamed, variableText } from './completion.ts';
import type { AnalysedProgram } from './documents.ts';
import { nameHover } from './nameHover.ts';
import { libraryNameOf, namedNodeAt } from './nodeAt.ts';
import { valueHover } from './valueHover.ts';

/** What to say of a place: the findings there, then the value, then the name. */
export function hoverAt(
  analysed: AnalysedProgram,
  uri: string,
  line: number,
  character: number,
  settings: ServerSettings,
): Hover | null {
  const offset = analysed.offsetIn(uri, line, character);
  if (offset === null) return null;
  const comment = analysed.module.comments.find(
    ({ start, end }) => start <= offset && offset <= end,
  );
  if (comment !== undefined) {
    const code = codeInComment(comment.text, offset - comment.start);
    return code === null ? null : hoverOf([rulePart(code)], undefined);
  }
  const finding = settings.lint.enable
    ? analysed.findings.find(({ start, end }) => start <= offset && offset <= end)
    : undefined;
  const named = namedNodeAt(analysed.module, offset);
  const variable = settings.hover.names ? variableAt(analysed.module, offset) : undefined;
  const parts = finding === undefined ? [] : [rulePart(finding.code)];
  if (named !== null) {
    const { values } = analysed.values();
    const name = settings.hover.names ? libraryNameOf(named, values) : null;
    if (settings.hover.values) parts.push(valueHover(analysed, named.node));
    if (name !== null) parts.push(nameHover(name, analysed.environment));
  }
  if (variable !== undefined) parts.push(variableText(variable));
  const at = named?.span ?? finding;
  return hoverOf(parts, at === undefined ? undefined : analysed.locate(at).range);
}

/** The environment variable that a string names. */
function variableAt(module: Module, offset: number): EnvironmentVariable | undefined {
  let found: EnvironmentVariable | undefined;
  walk(module.body, (node) => {
    if (node.kind === 'string' && node.start <= offset && offset <= node.end)
      found = variableNamed(node.value);
  });
  return found;
}

function hoverOf(parts: readonly (string | null)[], range: Range | undefined): Hover | null {
  const value = parts.filter((part) => part !== null).join('\n\n---\n\n');
  if (value === '') return null;
  const contents = { kind: MarkupKind.Markdown, value };
  return range === undefined ? { contents } : { contents, range };
}

/** The code that the cursor is on in `# noqa: MPS101` or `# smelt: ignore[MPS101]`. */
function codeInComment(comment: string, at: number): string | null {
  if (!/#\s*(noqa:|smelt:\s*ignore)/.test(comment)) return null;
  for (const match of comment.matchAll(/\b(?:MPS|MLX)\d{3}\b/g)) {
    if (match.index <= at && at <= match.index + match[0].length) return match[0];
  }
  return null;
}

function rulePart(code: string): string | null {
  const meta = rules.find((rule) => rule.meta.code === code)?.meta;
  if (meta === undefined) return null;
  return `**${meta.code}** \`${meta.name}\`\n\n${beginningOf(rulePages[meta.name] ?? meta.summary)}\n\n[The whole page](${ruleUrl(meta.name)})`;
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

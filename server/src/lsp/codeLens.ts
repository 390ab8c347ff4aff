import type { CodeLens } from 'vscode-languageserver';
import type { TimedContent } from '../engine/timedContent.ts';
import { timedContents } from '../engine/timedContent.ts';
import { commandNames } from '../protocol/messages.ts';
import type { AnalysedProgram } from './documents.ts';
import { rulePage } from './rulePage.ts';

/** Above each clock that starts: what the time until it stops is the time of. */
export function codeLensesOf(analysed: AnalysedProgram, uri: string): CodeLens[] {
  if (analysed.module.body.length === 0) return [];
  const { facts, values } = analysed.values();
  const windows = facts.facts.filter((fact) => fact.kind === 'timedWindow');
  return timedContents(windows, analysed.module, values).flatMap(({ content, text }) => {
    const start = analysed.locate(content.fact.startStatement);
    return start.uri === uri
      ? [{ range: start.range, command: commandOf(analysed, content, text) }]
      : [];
  });
}

/** The page of the rule that is about it; where there is none, the lines that were counted. */
function commandOf(
  analysed: AnalysedProgram,
  content: TimedContent,
  text: string,
): { title: string; command: string; arguments: unknown[] } {
  const rule = ruleOf(content);
  if (rule !== null && rulePage(rule) !== null)
    return { title: text, command: commandNames.showRule, arguments: [rule] };
  const start = analysed.locate(content.fact.startStatement);
  const nodes = new Set(content.fact.paths.flat().map(({ node }) => node));
  return {
    title: text,
    command: commandNames.showTimedWindow,
    arguments: [
      start.uri,
      start.range.start,
      [...nodes].map((node) => analysed.locate(node)).filter((each) => each.uri === start.uri),
    ],
  };
}

function ruleOf({ kind, operations, making }: TimedContent): string | null {
  if (kind === 'enqueued') return 'unsynced-timing';
  if (kind === 'recorded') return 'mlx-timing-no-eval';
  if (operations.some(({ total, computed }) => total !== computed)) return 'mlx-timing-last-only';
  return making.length > 0 ? 'mlx-timing-lazy-inputs' : null;
}

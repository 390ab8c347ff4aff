import type { RuleMeta } from '../src/rules/rule.ts';
import type { RulePair } from './ruleFolder.ts';

/** What `meta.fix` means, in the words of the pages. */
export const fixWords: Readonly<Record<RuleMeta['fix'], string>> = {
  safe: 'safe fix',
  unsafe: 'unsafe fix',
  mixed: 'fix, safe or unsafe by case',
  none: 'no fix',
};

/** An expected finding of the rule tests (`#! MPS201 "part of message"`), to the end of its line. */
const testMarker = /[ \t]*#! (?:MPS|MLX)\d.*$/;

/** The page that people read: what the rule is under the title, and no test markers. */
export function readerPage({ meta, page }: RulePair): string {
  const [title = '', ...body] = page.trimEnd().split('\n');
  const facts = `**${meta.code}** · ${meta.severity} · ${fixWords[meta.fix]} · since ${meta.since}`;
  return [title, '', `${meta.summary}.`, '', facts, ...stripMarkers(body), ''].join('\n');
}

function stripMarkers(lines: readonly string[]): string[] {
  let fenced = false;
  return lines.map((line) => {
    if (line.trimStart().startsWith('```')) fenced = !fenced;
    return fenced ? line.replace(testMarker, '') : line;
  });
}

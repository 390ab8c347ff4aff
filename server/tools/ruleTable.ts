import type { RulePair } from './ruleFolder.ts';
import { fixWords } from './rulePage.ts';

/** A Markdown table of all rules; `pages` is the path from the table's file to the pages. */
export function ruleTable(pairs: readonly RulePair[], pages: string): string {
  const rows = pairs.map(
    ({ meta }) =>
      `| ${meta.code} | [${meta.name}](${pages}/${meta.name}.md) | ${meta.summary} | ${meta.severity} | ${fixWords[meta.fix]} |`,
  );
  return [
    '| Code | Rule | What it finds | Severity | Fix |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

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

/** Codes, code prefixes and names: all that the settings accept. */
export function ruleChoices(
  pairs: readonly RulePair[],
): (readonly [value: string, description: string])[] {
  const prefixes = pairs.flatMap(({ meta }) => [meta.code.slice(0, 3), meta.code.slice(0, 4)]);
  return [
    ...[...new Set(prefixes)]
      .sort()
      .map((prefix) => [prefix, `Every rule whose code begins with ${prefix}`] as const),
    ...pairs.map(({ meta }) => [meta.code, `${meta.name}: ${meta.summary}`] as const),
    ...pairs.map(({ meta }) => [meta.name, `${meta.code}: ${meta.summary}`] as const),
  ];
}

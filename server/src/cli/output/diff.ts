import { createTwoFilesPatch } from 'diff';
import type { Report } from './outputFormat.ts';
import { shownPath } from './outputFormat.ts';
import { paint } from './style.ts';

const colors = { '+': 'green', '-': 'red', '@': 'cyan' } as const;

/** A unified diff of what the fixes would change. */
export function diff(report: Report): string {
  const patches = report.files.flatMap(({ path, change }) =>
    change === null || change.before === change.after
      ? []
      : [patch(shownPath(path), change.before, change.after, report.color)],
  );
  return patches.join('\n');
}

function patch(name: string, before: string, after: string, color: boolean): string {
  // The lines before the names are of another tool.
  const text = createTwoFilesPatch(name, name, before, after).replace(/^(Index: .*\n)?=+\n/, '');
  if (!color) return text;
  return text
    .split('\n')
    .map((line) => {
      const style = colors[line[0] as keyof typeof colors];
      return style === undefined ? line : paint(true, style, line);
    })
    .join('\n');
}

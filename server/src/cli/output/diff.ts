import { createTwoFilesPatch } from 'diff';
import type { Report } from './outputFormat.ts';
import { shownPath } from './outputFormat.ts';
import { paint } from './style.ts';
import { plural } from './summary.ts';

const colors = { '+': 'green', '-': 'red', '@': 'cyan' } as const;

/** A unified diff of what the fixes would change. */
export function diff(report: Report): string {
  const patches = report.files.flatMap(({ path, change }) =>
    change === null || change.before === change.after
      ? []
      : [patch(shownPath(path), change.before, change.after, report.color)],
  );
  const fixed = report.files.flatMap((file) => Object.values(file.fixed));
  const count = fixed.reduce((a, b) => a + b, 0);
  const end = report.quiet
    ? ''
    : count === 0
      ? 'Nothing to fix.\n'
      : `Would fix ${plural(count, 'finding')}.\n`;
  return patches.join('\n') + (patches.length > 0 && end !== '' ? '\n' : '') + end;
}

function patch(name: string, before: string, after: string, color: boolean): string {
  // Its first line is a rule of "=" that patch does not need.
  const text = createTwoFilesPatch(name, name, before, after).replace(/^=+\n/, '');
  if (!color) return text;
  return text
    .split('\n')
    .map((line) => {
      const style = colors[line[0] as keyof typeof colors];
      return style === undefined ? line : paint(true, style, line);
    })
    .join('\n');
}

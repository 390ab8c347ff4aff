import { rules } from '../../engine/registry.gen.ts';
import type { Report } from './outputFormat.ts';
import { shownPath } from './outputFormat.ts';

/** What was fixed: for each file the rules and how often. On stderr, so that formats stay whole. */
export function fixList({ files }: Report): string {
  return files
    .flatMap(({ path, fixed }) => {
      const lines = Object.entries(fixed).map(([code, count]) => {
        const name = rules.find(({ meta }) => meta.code === code)?.meta.name ?? '';
        return `  ${count} × ${code} (${name})\n`;
      });
      return lines.length === 0 ? [] : [`Fixed in ${shownPath(path)}:\n`, ...lines];
    })
    .join('');
}

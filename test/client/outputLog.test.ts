import { expect, test } from 'vitest';
import { CellOutputLog } from '../../client/src/cells/outputLog.ts';

/** What the channel has of a cell that prints this. */
function logged(...printed: readonly string[]): string {
  let text = '';
  const channel = { append: (more: string) => (text += more) };
  const log = new CellOutputLog(channel);
  for (const each of printed) log.append(each);
  log.end();
  return text;
}

test('the log of the cells has their text without its colours', () => {
  expect(logged('a line\n', '\u001b[31mred\u001b[0m\n')).toBe('a line\nred\n');
});

test('the log has both ends of a flood', () => {
  const text = logged('begin\n', ...Array<string>(100).fill('x'.repeat(1_000_000)), '\nend\n');
  expect(text).toMatch(/^begin\nx+/);
  expect(text).toMatch(/x\nend\n$/);
  expect(text.length).toBeLessThan(1_300_000);
});

import type { MagicStatement } from './tree.ts';

export interface Masked {
  /** As long as the text, with IPython lines made into Python. */
  readonly masked: string;
  readonly magics: readonly MagicStatement[];
}

/** Cell magics whose body is Python. */
const pythonCellMagics = new Set(['time', 'timeit', 'capture', 'prun', 'memit', 'mprun']);

const linePattern =
  /^([ \t]*)(?:(%%?)([A-Za-z_][\w.]*)[ \t]*(.*)|(!{1,2})[ \t]*(.*)|\?{1,2}[ \t]*(\S.*)|([\w.]+)\?{1,2}[ \t]*)$/;

/** `%timeit -n 10 f(x)`, `%time y = f(x)`: options aside, the argument is Python. */
const timedCode =
  /^([ \t]*)(%(time|timeit)[ \t]+(?:--?[a-zA-Z-]+(?:[ \t]*\d+)?[ \t]+)*)([^\s!%-].*)$/;

const opensBlock = /:[ \t\r]*(?:#.*)?$/;

/** `x = !ls`, `x = %sql …` */
const assignedMagic = /^([ \t]*[\w.,[\] \t]+=[ \t]*)([%!])(.*)$/;

/** Makes IPython's own syntax disappear at equal length, so that offsets stay true. */
export function maskMagics(text: string, isCell: boolean): Masked {
  if (!isCell || !/^[ \t]*[%!?]|\?[ \t]*$|=[ \t]*[!%]/m.test(text))
    return { masked: text, magics: [] };
  const magics: MagicStatement[] = [];
  const lines: string[] = [];
  let offset = 0;
  let skipping = false;
  let open = 0;
  let code = '';
  for (const line of text.split('\n')) {
    const assigned = assignedMagic.exec(line);
    const match = open === 0 ? linePattern.exec(line) : null;
    const start = offset;
    offset += line.length + 1;
    if (skipping) {
      lines.push(' '.repeat(line.length));
      continue;
    }
    if (open === 0 && assigned !== null) {
      const head = assigned[1] as string;
      const tail = line.slice(head.length);
      lines.push(head + (tail.length >= 4 ? 'None'.padEnd(tail.length) : '0'.padEnd(tail.length)));
      continue;
    }
    if (match === null) {
      open = Math.max(0, open + bracketBalance(line));
      lines.push(line);
      if (!/^\s*(?:#|$)/.test(line)) code = line;
      continue;
    }
    const timed = match[2] === '%' ? timedCode.exec(line) : null;
    if (timed !== null) {
      const [, indent, magic, name, argument] = timed as unknown as string[];
      const from = start + (indent as string).length;
      magics.push({
        kind: 'magic',
        name: name as string,
        argument: (argument as string).trim(),
        cell: false,
        start: from,
        end: from + (magic as string).trimEnd().length,
      });
      lines.push(`${indent}0;`.padEnd((indent + (magic as string)).length) + argument);
      continue;
    }
    const cell = match[2] === '%%';
    const name = match[3] ?? (match[5] === undefined ? '?' : '!');
    const argument = (match[4] ?? match[6] ?? match[7] ?? match[8] ?? '').trim();
    const indent = (match[1] as string).length;
    magics.push({
      kind: 'magic',
      name,
      argument,
      cell,
      start: start + indent,
      end: start + line.length,
    });
    const length = line.length - indent;
    // Something has to stand in a block that begins with it.
    const filler =
      opensBlock.test(code) && length >= 4 ? 'pass'.padEnd(length) : ' '.repeat(length);
    lines.push((match[1] as string) + filler);
    skipping = cell && !pythonCellMagics.has(name);
  }
  return { masked: lines.join('\n'), magics };
}

/** Brackets opened minus closed, strings aside: a `%` inside them is an operator. */
function bracketBalance(line: string): number {
  const code = line.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g, '').replace(/#.*/, '');
  return (code.match(/[([{]/g)?.length ?? 0) - (code.match(/[)\]}]/g)?.length ?? 0);
}

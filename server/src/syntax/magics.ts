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

const opensBlock = /:[ \t]*(?:#.*)?$/;

/** `x = !ls`, `x = %sql …` */
const assignedMagic = /^([ \t]*[\w.,[\] \t]+=[ \t]*)([%!])(.*)$/;

/** Makes IPython's own syntax disappear at equal length, so that offsets stay true. */
export function maskMagics(text: string, isCell: boolean): Masked {
  if (!isCell || !/^[ \t]*[%!?]|\?[ \t]*$|=[ \t]*[!%]/m.test(text))
    return { masked: text, magics: [] };
  const lines = new Lines();
  const masked = text.split('\n').map((line) => lines.mask(line));
  return { masked: masked.join('\n'), magics: lines.magics };
}

/** Masks the lines of a cell, one after the other. */
class Lines {
  readonly magics: MagicStatement[] = [];
  private start = 0;
  /** Is the rest of the cell no Python? */
  private isOther = false;
  /** Does IPython join the line to the one before, which ends with a backslash? */
  private continues = false;
  /** Brackets of Python that are open. */
  private open = 0;
  /** The last line of Python. */
  private code = '';

  mask(whole: string): string {
    const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    const masked = this.masked(line) + whole.slice(line.length);
    this.start += whole.length + 1;
    return masked;
  }

  private masked(line: string): string {
    if (this.isOther) return ' '.repeat(line.length);
    const isAssigned = this.open === 0 && assignedMagic.test(line);
    const match = this.open === 0 && !isAssigned ? linePattern.exec(line) : null;
    if (this.continues || isAssigned || match !== null) {
      const isRest = this.continues;
      this.continues = line.endsWith('\\');
      if (isRest) return ' '.repeat(line.length);
      return match === null ? maskAssigned(line) : (this.timed(line) ?? this.magic(line, match));
    }
    this.open = Math.max(0, this.open + bracketBalance(line));
    if (!/^\s*(?:#|$)/.test(line)) this.code = line;
    return line;
  }

  private timed(line: string): string | null {
    const timed = timedCode.exec(line);
    if (timed === null) return null;
    // Its code is Python, and goes on as Python does.
    this.continues = false;
    const [, indent, magic, name, argument] = timed as unknown as string[];
    const start = this.start + (indent as string).length;
    this.magics.push({
      kind: 'magic',
      name: name as string,
      argument: (argument as string).trim(),
      cell: false,
      start,
      end: start + (magic as string).trimEnd().length,
    });
    return `${indent}0;`.padEnd((indent + (magic as string)).length) + argument;
  }

  private magic(line: string, match: RegExpExecArray): string {
    const cell = match[2] === '%%';
    const name = match[3] ?? (match[5] === undefined ? '?' : '!');
    const argument = (match[4] ?? match[6] ?? match[7] ?? match[8] ?? '').trim();
    const indent = match[1] as string;
    this.magics.push({
      kind: 'magic',
      name,
      argument,
      cell,
      start: this.start + indent.length,
      end: this.start + line.length,
    });
    this.isOther = cell && !pythonCellMagics.has(name);
    const length = line.length - indent.length;
    // Something has to stand in a block that begins with it.
    const isFirst = opensBlock.test(this.code) && length >= 4;
    return indent + (isFirst ? 'pass' : '').padEnd(length);
  }
}

function maskAssigned(line: string): string {
  const head = (assignedMagic.exec(line) as unknown as string[])[1] as string;
  const length = line.length - head.length;
  return head + (length >= 4 ? 'None' : '0').padEnd(length);
}

/** Brackets opened minus closed, strings aside: a `%` inside them is an operator. */
function bracketBalance(line: string): number {
  const code = line.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g, '').replace(/#.*/, '');
  return (code.match(/[([{]/g)?.length ?? 0) - (code.match(/[)\]}]/g)?.length ?? 0);
}

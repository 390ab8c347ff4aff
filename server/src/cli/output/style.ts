import { styleText } from 'node:util';
import type { Severity } from '../../rules/finding.ts';

/** Colour only on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise. */
export function useColor(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0') return true;
  return stream.isTTY === true;
}

const severityColor = { error: 'red', warning: 'yellow', info: 'blue', hint: 'gray' } as const;

type Style = Parameters<typeof styleText>[0];

export const paint = (color: boolean, style: Style, text: string): string =>
  color ? styleText(style, text, { validateStream: false }) : text;

export const paintCode = (color: boolean, severity: Severity, code: string): string =>
  paint(color, ['bold', severityColor[severity]], code);

import { expect } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';

/** The findings of all rules as `MPS101 the text it points at`; " info" is added to what is only that. */
export function findingsOf(code: string): string[] {
  const module = parseFile(code);
  expect(module.broken).toBe(false);
  const { findings, failures } = analyze(module, defaultLintSettings, unknownEnvironment);
  expect(failures).toEqual([]);
  return findings.map(({ code: rule, severity, start, end }) => {
    const text = `${rule} ${code.slice(start, end)}`;
    return severity === 'info' || severity === 'hint' ? `${text} info` : text;
  });
}

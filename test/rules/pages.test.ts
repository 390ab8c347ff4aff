import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { applyFixes } from '../../server/src/engine/applyFixes.ts';
import { rules } from '../../server/src/engine/registry.gen.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import type { Finding } from '../../server/src/rules/finding.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import { readSettingsFile } from '../../server/src/syntax/settings/settingsFiles.ts';
import type { PageBlock } from './rulePage.ts';
import { headingsOf, readAllBlocks } from './rulePage.ts';

const folder = join(import.meta.dirname, '../../server/src/rules');

function check({ code, environment, path }: Pick<PageBlock, 'code' | 'environment' | 'path'>): {
  findings: readonly Finding[];
  broken: boolean;
} {
  const module = readSettingsFile(path, code) ?? parseFile(code);
  const analysis = analyze(module, defaultLintSettings, environment);
  expect(analysis.failures).toEqual([]);
  return { findings: analysis.findings, broken: module.broken };
}

const lineOf = (code: string, offset: number): number =>
  code.slice(0, offset).split('\n').length - 1;

/** Applies the first fix of every finding of `rule`, as `--fix --unsafe-fixes` does. */
function fixAll({ code, ...block }: PageBlock, rule: string): string {
  const result = applyFixes(
    code,
    (text) => check({ ...block, code: text }).findings.filter((finding) => finding.code === rule),
    'unsafe',
  );
  return result.text;
}

describe.each(rules.map((rule) => [rule.meta.code, rule] as const))('%s', (code, rule) => {
  const [path] = globSync(`*/${rule.meta.name}.md`, { cwd: folder });
  const page = path === undefined ? '' : readFileSync(join(folder, path), 'utf8');
  const blocks = readAllBlocks(page);

  test('has a page with the sections in order', () => {
    const sections = headingsOf(page);
    const wanted = [
      'What it does',
      'Why is this bad?',
      'Example',
      'Use instead',
      'Fix',
      'More cases',
      'References',
    ];
    expect(page.startsWith(`# ${rule.meta.name} (${code})\n`)).toBe(true);
    expect(sections).toEqual(wanted.filter((name) => name !== 'Fix' || rule.meta.fix !== 'none'));
    expect(
      blocks.filter(({ section }) => section === 'Example').flatMap((b) => b.expected).length,
    ).toBeGreaterThan(0);
  });

  for (const block of blocks.filter(({ section }) => section !== 'Fix')) {
    test(`finds what ${block.section}, line ${block.line}, marks and nothing else`, () => {
      const { findings, broken } = check(block);
      expect(broken).toBe(false);
      const found = findings.map((finding) => ({
        line: lineOf(block.code, finding.start),
        code: finding.code,
        severity: finding.severity,
        message: finding.message,
      }));
      const wanted = block.expected.map(({ line, code: expected, severity, message }) => ({
        line,
        code: expected,
        severity: severity ?? expect.any(String),
        message: expect.stringContaining(message),
      }));
      expect(found).toEqual(wanted);
    });
  }

  const pairs = blocks.filter(({ section }) => section === 'Fix');
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const before = pairs[i];
    const after = pairs[i + 1];
    if (before === undefined || after === undefined) continue;
    test(`fixes line ${before.line} as shown, and has nothing left to fix`, () => {
      expect(check(before).findings.some((finding) => finding.code === code)).toBe(true);
      const fixed = fixAll(before, code);
      expect(fixed).toBe(after.code);
      expect(
        check({ ...before, code: fixed }).findings.filter((finding) => finding.code === code),
      ).toEqual([]);
      expect(fixAll({ ...before, code: fixed }, code)).toBe(fixed);
      const windows = { ...before, code: before.code.replaceAll('\n', '\r\n') };
      expect(fixAll(windows, code)).toBe(after.code.replaceAll('\n', '\r\n'));
    });
  }

  test('every fix of every example parses and clears its finding', () => {
    for (const block of blocks) {
      for (const finding of check(block).findings) {
        for (const fix of finding.fixes) {
          const fixed = apply(block.code, fix.edits());
          const result = check({ ...block, code: fixed });
          expect(result.broken, `${fix.title}:\n${fixed}`).toBe(false);
          const same = (other: Finding): boolean => other.code === finding.code;
          expect(result.findings.filter(same).length, `${fix.title}:\n${fixed}`).toBeLessThan(
            check(block).findings.filter(same).length,
          );
        }
      }
    }
  });

  test('code that is still being typed never throws', () => {
    for (const block of blocks) {
      const lines = block.code.split('\n');
      for (let i = 0; i < lines.length; i++) {
        check({ ...block, code: lines.slice(0, i).join('\n') });
        const line = lines[i] as string;
        const half = line.slice(0, line.length / 2);
        const code = [...lines.slice(0, i), half, ...lines.slice(i + 1)].join('\n');
        check({ ...block, code });
      }
    }
  });
});

function apply(
  text: string,
  edits: readonly { start: number; end: number; text: string }[],
): string {
  return [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce(
      (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
      text,
    );
}

test('every rule has its own code and name', () => {
  expect(new Set(rules.map(({ meta }) => meta.code)).size).toBe(rules.length);
  expect(new Set(rules.map(({ meta }) => meta.name)).size).toBe(rules.length);
  expect(rules.length).toBeGreaterThanOrEqual(12);
});

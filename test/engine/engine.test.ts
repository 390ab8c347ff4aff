import { describe, expect, test, vi } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { applyFixes } from '../../server/src/engine/applyFixes.ts';
import { rules } from '../../server/src/engine/registry.gen.ts';
import { selectRules } from '../../server/src/engine/selectRules.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import type { Finding } from '../../server/src/rules/finding.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';

vi.mock('../../server/src/engine/registry.gen.ts', async (importOriginal) => {
  const original = await importOriginal<{ rules: Rule[] }>();
  const handler = (): void => {
    throw new Error('a defect of this rule');
  };
  const failing: Rule = {
    meta: {
      name: 'failing-rule',
      code: 'MPS199',
      severity: 'error',
      summary: 'Fails',
      since: '0.1.0',
      fix: 'none',
    },
    words: /import|cuda/,
    on: { import: handler, selector: handler },
  };
  return { ...original, rules: [failing, ...original.rules] };
});

const analyse = (code: string): ReturnType<typeof analyze> =>
  analyze(parseFile(code), defaultLintSettings, unknownEnvironment);
const codesIn = (code: string): string[] => analyse(code).findings.map((finding) => finding.code);

const selector = 'device = "cuda" if torch.cuda.is_available() else "cpu"';

test('a rule that throws costs its own findings only, and is named with its place', () => {
  const { findings, failures } = analyse(`import torch\n${selector}\n`);
  expect(findings.map(({ code }) => code)).toEqual(['MPS102']);
  expect(failures).toEqual([
    {
      rule: 'failing-rule',
      offset: expect.any(Number),
      error: expect.objectContaining({ message: 'a defect of this rule' }),
    },
  ]);
});

describe('suppressions', () => {
  test('a comment silences its own line, also where lines end as on old Macs', () => {
    const code = `import torch  # smelt: ignore[MPS102]\r${selector}\r`;
    expect(codesIn(code)).toEqual(['MPS900', 'MPS102']);
  });

  test.each([
    ['# smelt: ignore[MPS102] the GPU is not wanted', []],
    ['# smelt: ignore', []],
    ['# noqa: MPS102', []],
    ['# noqa: E501, MPS102', []],
    ['# noqa', []],
    ['# smelt: ignore[MPS1]', []],
    ['# smelt: ignore[MPS201]', ['MPS102', 'MPS900']],
    ['# noqa: E501', ['MPS102']],
    ['# noqably different', ['MPS102']],
    ['# type: ignore', ['MPS102']],
  ])('%s', (comment, left) => {
    expect(codesIn(`import torch\n${selector}  ${comment}\n`)).toEqual(left);
  });

  test('hold for a statement of several lines on its first and last line', () => {
    const call = (first: string, last: string): string =>
      `import torch\nx = torch.zeros(  ${first}\n    3,\n    device="cuda",\n)  ${last}\n`;
    expect(codesIn(call('# noqa', ''))).toEqual([]);
    expect(codesIn(call('', '# smelt: ignore[MPS101]'))).toEqual([]);
    expect(codesIn(call('', ''))).toEqual(['MPS101']);
  });

  test('a whole file', () => {
    expect(codesIn(`# smelt: ignore-file[MPS102] reason\nimport torch\n${selector}\n`)).toEqual([]);
    expect(codesIn(`"# smelt: ignore-file"\nimport torch\n${selector}\n`)).toEqual(['MPS102']);
  });
});

test('a comment is unused only when every rule that it names has run', () => {
  const unused = (select: readonly string[], text: string): string[] =>
    analyze(
      parseFile(text),
      { select: [...select, 'MPS900'], ignore: ['failing-rule'] },
      unknownEnvironment,
    ).findings.map(({ message }) => message);
  const text = 'import torch\nx = torch.zeros(3)  # noqa: MPS101, MPS201, F401\n';
  expect(unused(['MPS101', 'MPS201'], text)).toEqual([
    'Silences nothing: MPS101, MPS201 are not found on this line.',
  ]);
  expect(unused(['MPS101'], text)).toEqual(['Silences nothing: MPS101 is not found on this line.']);
  expect(unused(['MPS5'], text)).toEqual([]);
  expect(unused(['MPS2'], text.replace('MPS101, MPS201', 'MPS'))).toEqual([]);
  expect(unused(['ALL'], `${text}def f(:\n`)).toEqual([]);
});

test('rules are chosen by code, by the beginning of codes and by name', () => {
  const chosen = (select: readonly string[], ignore: readonly string[] = []): string[] =>
    selectRules(rules, { ...defaultLintSettings, select, ignore }).rules.map(
      ({ meta }) => meta.code,
    );
  const codes = chosen([]);
  expect(codes.length).toBe(rules.length);
  expect(chosen(['MPS2'])).toEqual(codes.filter((code) => code.startsWith('MPS2')));
  expect(chosen(['float64-to-mps'])).toEqual(['MPS201']);
  expect(chosen(['MPS2'], ['MPS202'])).toEqual(
    codes.filter((code) => code.startsWith('MPS2') && code !== 'MPS202'),
  );
  expect(selectRules(rules, { ...defaultLintSettings, select: ['nonsense'] }).unknown).toEqual([
    'nonsense',
  ]);
});

describe('fixes', () => {
  const finding = (
    start: number,
    end: number,
    text: string,
    applicability: 'safe' | 'unsafe' = 'safe',
  ): Finding => ({
    rule: 'x',
    code: 'X1',
    severity: 'warning',
    message: '',
    start,
    end,
    related: [],
    tags: [],
    fixes: [{ title: 'x', applicability, edits: () => [{ start, end, text }] }],
  });

  test('that overlap are applied in rounds, never at once', () => {
    const seen: string[] = [];
    const { text, applied } = applyFixes(
      'abcd',
      (current) => {
        seen.push(current);
        return current === 'abcd' ? [finding(0, 2, 'X'), finding(1, 3, 'Y')] : [];
      },
      'safe',
    );
    expect(text).toBe('Xcd');
    expect(seen).toEqual(['abcd', 'Xcd']);
    expect(applied).toEqual(new Map([['X1', 1]]));
  });

  test('that undo each other come to an end', () => {
    const { text } = applyFixes(
      'a',
      (current) => [finding(0, 1, current === 'a' ? 'b' : 'a')],
      'safe',
    );
    expect(['a', 'b']).toContain(text);
  });

  test('unsafe ones are left when only safe ones are asked for', () => {
    const find = (current: string): Finding[] =>
      current === 'a' ? [finding(0, 1, 'b', 'unsafe')] : [];
    expect(applyFixes('a', find, 'safe').text).toBe('a');
    expect(applyFixes('a', find, 'unsafe').text).toBe('b');
  });
});

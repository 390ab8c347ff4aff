import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { outputFormats } from '../../server/src/files/settingsTable.ts';
import { deprecated, hardcoded, Project, selector } from './project.ts';

const project = new Project();
beforeAll(() => {
  project.write('a & b.py', selector);
  project.write('old.py', `${deprecated}y = 1  # noqa: MPS101\n`);
  const cell = { cell_type: 'code', source: hardcoded, metadata: {}, outputs: [] };
  project.write('n.ipynb', JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4 }));
});

const printed = (format: string, ...args: readonly string[]): string =>
  project.smelt('check', '--no-cache', '--output-format', format, ...args).stdout;

const idle = 'Picks the CPU on Apple Silicon: MPS is never asked for, so the GPU stays idle.';
const unused = 'Silences nothing: MPS101 is not found on this line.';

describe('findings as', () => {
  test('concise: a line for each', () => {
    expect(printed('concise', 'a & b.py', 'n.ipynb')).toBe(
      [
        `a & b.py:3:10: MPS102 ${idle}`,
        'n.ipynb:cell 1:3:27: MPS101 "cuda" does not exist on Apple Silicon: this raises "Torch not compiled with CUDA enabled".',
        'Found 2 findings (1 error, 1 warning). 1 fixable with --fix, 1 more with --fix --unsafe-fixes.',
        '',
      ].join('\n'),
    );
  });

  test('grouped: below the name of the file', () => {
    expect(printed('grouped', '-q', 'old.py')).toMatch(
      /^old\.py:\n {2}3:1 MLX601 .*\n {2}4:8 MPS900 .*\n\n$/,
    );
  });

  test('json-lines: the objects of json, one on each line', () => {
    const lines = printed('json-lines').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(printed('json')));
    expect(lines).toHaveLength(4);
  });

  test('github: commands with escaped properties', () => {
    expect(printed('github', 'a & b.py')).toBe(
      `::warning title=smelt (MPS102),file=${join(project.folder, 'a & b.py')},line=3,col=10,endLine=3,endColumn=56::a & b.py:3:10: MPS102 ${idle}%0A  help: Add the mps arm\n`,
    );
    expect(printed('github', 'old.py')).toContain('::notice title=smelt (MPS900),');
  });

  test('gitlab: a code quality report whose fingerprints do not move with lines', () => {
    const [entry] = JSON.parse(printed('gitlab', 'a & b.py'));
    expect(entry).toEqual({
      check_name: 'MPS102',
      description: `MPS102: ${idle}`,
      severity: 'major',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      location: {
        path: 'a & b.py',
        positions: { begin: { line: 3, column: 10 }, end: { line: 3, column: 56 } },
      },
    });
    const twice = new Project();
    twice.write('a & b.py', `\n${selector}${selector.split('\n')[2]}\n`);
    const found = JSON.parse(twice.smelt('check', '--output-format', 'gitlab').stdout) as {
      fingerprint: string;
    }[];
    expect(found[0]?.fingerprint).toBe(entry.fingerprint);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  test('junit: XML, a suite for each file', () => {
    const file = join(project.folder, 'a &amp; b');
    expect(printed('junit', 'a & b.py')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="smelt" tests="1" skipped="0" failures="1" errors="0">
  <testsuite name="${file}.py" tests="1" skipped="0" failures="1" errors="0" package="smelt">
    <testcase name="smelt.MPS102" classname="${file}" line="3" column="10">
      <properties>
        <property name="severity" value="warning"/>
      </properties>
      <failure message="${idle}">line 3, col 10, ${idle}</failure>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
    const clean = new Project();
    expect(clean.smelt('check', '--output-format', 'junit').stdout).toContain(
      'tests="1" skipped="0" failures="0"',
    );
  });

  test('pylint: path, line, code', () => {
    expect(printed('pylint', 'old.py').split('\n')[1]).toBe(`old.py:4: [MPS900] ${unused}`);
    expect(printed('pylint', 'n.ipynb')).toMatch(/^n\.ipynb:1: \[MPS101\] cell 1, line 3: "cuda"/);
  });

  test('azure: logging commands', () => {
    expect(printed('azure', 'a & b.py')).toBe(
      `##vso[task.logissue type=warning;sourcepath=${join(project.folder, 'a & b.py')};linenumber=3;columnnumber=10;code=MPS102;]${idle}\n`,
    );
  });

  test('rdjson: with suggestions, except for notebooks', () => {
    const { source, severity, diagnostics } = JSON.parse(printed('rdjson', 'a & b.py', 'n.ipynb'));
    expect({ source, severity }).toMatchObject({ source: { name: 'smelt' }, severity: 'WARNING' });
    expect(diagnostics[0]).toEqual({
      message: idle,
      severity: 'WARNING',
      location: {
        path: join(project.folder, 'a & b.py'),
        range: { start: { line: 3, column: 10 }, end: { line: 3, column: 56 } },
      },
      code: { value: 'MPS102', url: expect.stringContaining('selector-without-mps') },
      suggestions: [
        {
          range: { start: { line: 3, column: 51 }, end: { line: 3, column: 51 } },
          text: '"mps" if torch.backends.mps.is_available() else ',
        },
      ],
    });
    expect(diagnostics[1]).not.toHaveProperty('suggestions');
  });

  test('sarif: valid by the schema of SARIF 2.1.0', () => {
    // From @microsoft/jest-sarif 1.0.0-beta.0 (MIT), which has it from schemastore: 2.1.0-rtm.5.
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, 'schemas/sarif-2.1.0.json'), 'utf8'),
    );
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats(ajv);
    const validate = ajv.compile(schema);
    for (const args of [[], ['--select', 'MPS102'], ['--ignore', 'ALL']]) {
      const log = JSON.parse(printed('sarif', ...args));
      validate(log);
      expect(validate.errors ?? []).toEqual([]);
    }
    const log = JSON.parse(printed('sarif', 'a & b.py'));
    expect(log.runs[0].tool.driver.rules).toMatchObject([{ id: 'MPS102' }]);
    expect(log.runs[0].results).toMatchObject([
      {
        ruleId: 'MPS102',
        ruleIndex: 0,
        level: 'warning',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: pathToFileURL(join(project.folder, 'a & b.py')).href },
              region: { startLine: 3, startColumn: 10, endLine: 3, endColumn: 56 },
            },
          },
        ],
      },
    ]);
  });
});

test.each(outputFormats)('%s goes to a file, without colours', (format) => {
  const shown = printed(format);
  const { stdout, code } = project.smelt(
    ...['check', '--output-format', format, '--output-file', `out.${format}`],
  );
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(project.read(`out.${format}`)).toBe(shown);
});

test('statistics count by rule, also as JSON', () => {
  const { stdout } = project.smelt('check', '--statistics', '-q');
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual([
    '1  MLX601  [*]  mlx-deprecated-metal-api',
    '1  MPS101  [ ]  cuda-hardcoded-device',
    '1  MPS102  [*]  selector-without-mps',
    '1  MPS900  [*]  unused-suppression',
  ]);
  expect(JSON.parse(printed('json', '--statistics'))).toContainEqual({
    code: 'MPS102',
    name: 'selector-without-mps',
    severity: 'warning',
    count: 1,
    fixable_count: 1,
  });
});

test('colours on request only', () => {
  expect(project.smelt('check').stdout).not.toContain('\u001b[');
  expect(project.smelt('check', '--color', 'always').stdout).toContain('\u001b[');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { beforeEach, describe, expect, test } from 'vitest';
import { settingsTable } from '../../server/src/files/settingsTable.ts';
import { readToml } from '../../server/src/files/toml.ts';
import { hardcoded, Project, selector } from './project.ts';

let project: Project;
beforeEach(() => {
  project = new Project();
  project.write('a.py', selector);
  project.write('b.py', hardcoded);
});

describe('settings come from', () => {
  test.each([
    ['smelt.toml', 'ignore = ["MPS101"]'],
    ['.smelt.toml', 'ignore = ["cuda-hardcoded-device"]'],
    ['pyproject.toml', '[project]\nname = "x"\n[tool.smelt]\nselect = ["MPS102"]'],
  ])('%s', (name, text) => {
    project.write(name, text);
    expect(project.codes()).toEqual(['a.py MPS102']);
  });

  test('the nearest file, which counts alone', () => {
    project.write('smelt.toml', 'ignore = ["MPS102"]\n');
    project.write('inner/a.py', selector + hardcoded);
    project.write('inner/pyproject.toml', '[tool.smelt]\nignore = ["MPS101"]\n');
    project.write('other/pyproject.toml', '[tool.ruff]\n');
    project.write('other/a.py', selector);
    expect(project.codes()).toEqual(['b.py MPS101', 'inner/a.py MPS102']);
  });

  test('files that the nearest one extends, with patterns of their own', () => {
    project.write(
      'smelt.toml',
      'ignore = ["MPS102"]\nper-file-ignores = { "inner/c.py" = ["MPS1"] }\n',
    );
    project.write('inner/smelt.toml', 'extend = "../smelt.toml"\nextend-exclude = ["d.py"]\n');
    for (const name of ['a', 'c', 'd']) project.write(`inner/${name}.py`, selector + hardcoded);
    expect(project.codes()).toEqual(['b.py MPS101', 'inner/a.py MPS101']);
    project.write('smelt.toml', 'extend = "inner/smelt.toml"\n');
    expect(project.smelt('check', 'a.py').stderr).toBe(
      'smelt: inner/smelt.toml: extend: "../smelt.toml" leads in a circle, or has no table [tool.smelt]\n',
    );
    project.write('smelt.toml', 'extend = "none.toml"\n');
    expect(project.smelt('check', 'a.py')).toMatchObject({
      code: 2,
      stderr: 'smelt: none.toml: cannot be read: there is no such file\n',
    });
  });

  test.each([
    ['tests/*', ['testsx/d.py']],
    ['tests*', []],
    ['./tests/*.py', ['testsx/d.py']],
    ['b.py', ['tests/c.py', 'testsx/d.py']],
    ['a/b.py', ['tests/a/b.py', 'tests/c.py', 'testsx/d.py']],
    ['!tests/*', ['tests/a/b.py', 'tests/c.py']],
  ])('the pattern %s means what it means to ruff', (pattern, left) => {
    const names = ['tests/a/b.py', 'tests/c.py', 'testsx/d.py'];
    for (const name of names) project.write(name, selector);
    const found = project.codes('tests', 'testsx', '--per-file-ignores', `${pattern}:MPS102`);
    expect(found).toEqual(left.map((name) => `${name} MPS102`));
  });

  test('.smelt.toml before smelt.toml before pyproject.toml', () => {
    project.write('pyproject.toml', '[tool.smelt]\nignore = ["MPS"]\n');
    project.write('smelt.toml', 'ignore = ["MPS101"]\n');
    expect(project.codes()).toEqual(['a.py MPS102']);
    project.write('.smelt.toml', 'ignore = ["MPS102"]\n');
    expect(project.codes()).toEqual(['b.py MPS101']);
  });

  test('the command line over the file', () => {
    project.write('smelt.toml', 'select = ["MPS102"]\nignore = ["MPS101"]\n');
    expect(project.codes('--select', 'MPS101')).toEqual(['b.py MPS101']);
    expect(project.codes('--extend-select', 'MPS101')).toEqual(['a.py MPS102', 'b.py MPS101']);
    expect(project.codes('--ignore', 'MPS')).toEqual([]);
  });

  test('--config FILE, --config SETTING, or nowhere with --isolated', () => {
    project.write('smelt.toml', 'ignore = ["MPS102"]\n');
    project.write('other/strict.toml', 'ignore = ["MPS101"]\nexclude = ["c.py"]\n');
    project.write('c.py', selector);
    expect(project.codes('--config', 'other/strict.toml')).toEqual(['a.py MPS102']);
    expect(project.codes('--config', 'exclude = ["c.py"]')).toEqual(['b.py MPS101']);
    expect(project.codes('--isolated')).toEqual(['a.py MPS102', 'b.py MPS101', 'c.py MPS102']);
    expect(project.smelt('check', '--config', 'no.toml')).toMatchObject({
      code: 2,
      stderr: 'smelt: --config: no.toml cannot be read: there is no such file\n',
    });
  });
});

test('per-file-ignores: by name, by path, and with ! for every other file', () => {
  project.write('tests/a.py', selector);
  project.write(
    'smelt.toml',
    'per-file-ignores = { "tests/**" = ["MPS102"], "b.py" = ["MPS1"] }\n',
  );
  expect(project.codes()).toEqual(['a.py MPS102']);
  expect(project.codes('--per-file-ignores', '!b.py:MPS102')).toEqual(['b.py MPS101']);
});

test('the more exact entry decides', () => {
  project.write('smelt.toml', 'select = ["MPS101"]\nignore = ["MPS"]\n');
  expect(project.codes()).toEqual(['b.py MPS101']);
  project.write('smelt.toml', 'select = ["ALL"]\nignore = ["MPS1"]\n');
  expect(project.codes()).toEqual([]);
});

test('target versions are those that rules speak of', () => {
  project.write('c.py', 'import torch\n\nm = torch.compile(torch.nn.Linear(2, 2).to("mps"))\n');
  project.write('smelt.toml', 'select = ["MPS605"]\ntarget-torch = "2.6"\n');
  expect(project.codes()).toEqual(['c.py MPS605']);
  expect(project.codes('--target-torch', '2.13')).toEqual([]);
  project.write('smelt.toml', 'select = ["MPS605"]\ntargets = { Torch = "2.6" }\n');
  expect(project.codes()).toEqual(['c.py MPS605']);
});

test('output-format, fix and unsafe-fixes have defaults in the file', () => {
  project.write('smelt.toml', 'output-format = "pylint"\nfix = true\nunsafe-fixes = true\n');
  const path = 'a.py';
  expect(project.smelt('check', '--no-fix', path).stdout).toMatch(/^a\.py:3: \[MPS102\]/);
  expect(project.read(path)).toBe(selector);
  expect(project.smelt('check', '.').code).toBe(0);
  expect(project.read(path)).toContain('"mps"');
  expect(project.read('b.py')).toContain('torch.device(');
});

describe('what is wrong in a settings file is told with its place, and the rest counts', () => {
  test.each([
    ['ignore = ["MPS101"\nx', 'smelt.toml:2:1: not TOML: '],
    ['ignroe = ["MPS101"]', 'smelt.toml:1:1: unknown setting "ignroe". Did you mean "ignore"?'],
    ['ignore = "MPS101"', 'smelt.toml:1:1: ignore must be a list of rules'],
    [
      'ignore = ["MPS101", "XYZ9"]',
      'smelt.toml:1:21: "XYZ9" is no rule, code or beginning of codes. `smelt rules` lists all of them.',
    ],
    [
      'select = [\n  "MPS102",\n  "float64-to-msp",\n]',
      'smelt.toml:3:3: "float64-to-msp" is no rule, code or beginning of codes. Did you mean "float64-to-mps"?',
    ],
    ['fix = "yes"', 'smelt.toml:1:1: fix must be true or false'],
    [
      'target-torch = 2.8',
      'smelt.toml:1:1: target-torch must be a version in quotes, such as "2.8"',
    ],
    ['targets = { transformers = "new" }', 'smelt.toml:1:13: targets must be a version'],
    ['output-format = "sarfi"', 'Did you mean "sarif"?'],
    ['[per-file-ignores]\n"a.py" = "MPS101"', 'smelt.toml:2:1: per-file-ignores must be a list'],
  ])('%s', (text, complaint) => {
    project.write('smelt.toml', text);
    const { code, stdout, stderr } = project.smelt('check', '--output-format', 'concise');
    expect(stderr).toContain(complaint);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^smelt: /);
    expect(code).toBe(2);
    expect(stdout).toContain('a.py:3:10: MPS102');
  });

  test('in pyproject.toml too, and mistakes of others are not told', () => {
    project.write(
      'pyproject.toml',
      '[tool.smelt]\nignore = ["MPS102"]\n\n[tool.smelt.targets]\na = 1\n',
    );
    const { code, stderr } = project.smelt('check');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^smelt: pyproject\.toml:5:1: targets must be a version/);
    project.write('pyproject.toml', 'this is no TOML');
    expect(project.smelt('check').stderr).toBe('');
  });
});

test('the published schema knows every setting, and its examples', () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../server/schema/smelt.schema.json'), 'utf8'),
  );
  const validate = new Ajv().compile(schema);
  project.write('base.toml', '');
  for (const { example } of Object.values(settingsTable)) {
    const read = readToml(example);
    if (!read.ok) throw new Error(`${example}: ${read.message}`);
    validate(read.document.value);
    expect([example, validate.errors]).toEqual([example, null]);
    project.write('smelt.toml', `${example}\n`);
    expect(project.smelt('check', '--show-settings').stderr).toBe('');
  }
  expect(validate({ ignroe: [] })).toBe(false);
  expect(validate({ ignore: ['XYZ'] })).toBe(false);
});

test('smelt config lists and describes settings', () => {
  expect(project.smelt('config').stdout.trim().split('\n')).toEqual(Object.keys(settingsTable));
  expect(project.smelt('config', 'target-torch').stdout).toContain('target-torch = "2.8"');
  expect(
    JSON.parse(project.smelt('config', 'fix', '--output-format', 'json').stdout),
  ).toMatchObject({ type: 'boolean', default: false });
  expect(project.smelt('config', 'slect')).toMatchObject({
    code: 2,
    stderr: 'smelt: unknown setting "slect". Did you mean "select"?\n',
  });
});

import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { settingsFilePatterns } from '../../server/src/protocol/settingsFiles.ts';
import {
  isSettingsFile,
  readSettingsFile,
} from '../../server/src/syntax/settings/settingsFiles.ts';

/** `NAME=value` for each variable, with its place in the text; "?" for a value that is not written out. */
function variablesOf(path: string, text: string): string[] {
  const module = readSettingsFile(path, text);
  return (module?.settings ?? []).flatMap((setting) => {
    if (setting.kind !== 'variable') return [];
    const { start, end } = setting.valueSpan;
    expect(text.slice(setting.start, setting.end)).toContain(setting.name);
    if (setting.value !== null) expect(text.slice(start, end)).toContain(setting.value);
    return [`${setting.name}=${setting.value ?? '?'}`];
  });
}

/** The text with `B=2` set beside the first variable. */
function withB(path: string, text: string): string {
  const [first] = readSettingsFile(path, text)?.settings ?? [];
  if (first?.kind !== 'variable') return 'none';
  const { start, end, text: added } = first.beside('B', '2');
  return text.slice(0, start) + added + text.slice(end);
}

describe('what is set', () => {
  test('.env', () => {
    const text =
      '# A=0\nA=1\r\nexport B = "two words"\nC=\'$HOME\'\nD=$HOME/x # why\nE=\nF: 5\nnot a line\nG="a#b"\n';
    expect(variablesOf('.env', text)).toEqual([
      'A=1',
      'B=two words',
      'C=$HOME',
      'D=?',
      'E=',
      'F=5',
      'G=a#b',
    ]);
    expect(withB('.env', 'A=1 # x\r\nC=3\r\n')).toBe('A=1 # x\r\nB=2\r\nC=3\r\n');
    expect(withB('.env', 'export A=1')).toBe('export A=1\nexport B=2');
  });

  test('shell scripts', () => {
    const text = [
      '#!/bin/zsh',
      'A=1 B="x y" python train.py C=3 # D=4',
      "export E='5' F=6",
      'env -u Z G=7 run; H=8 && I=$(date +%s) || J=`id`',
      'if true; then export K=9; fi',
      'echo "L=1" \'M=1\'; run \\',
      '  N=1',
      'cat <<-"END" | sh',
      'O=1',
      'END',
      'P=10; declare -x Q=11',
      'nohup R=12 python x.py &',
    ].join('\n');
    expect(variablesOf('x.sh', text)).toEqual([
      ...['A=1', 'B=x y', 'E=5', 'F=6', 'G=7', 'H=8', 'I=?', 'J=?', 'K=9', 'P=10', 'Q=11'],
    ]);
    expect(withB('.envrc', 'export A=1 # x\n')).toBe('export A=1 B=2 # x\n');
    expect(withB('x.zsh', 'A=1 python x.py\n')).toBe('A=1 B=2 python x.py\n');
  });

  test('Dockerfiles', () => {
    const text =
      '# syntax=docker/dockerfile:1\nFROM x\nENV A=1 B="2 3" \\\n  # why\n  C=4\nenv D five six\nARG E=7\nRUN F=8 run && \\\n    export G=9\nRUN ["H=1"]\nCMD I=1\n';
    expect(variablesOf('Dockerfile', text)).toEqual([
      'A=1',
      'B=2 3',
      'C=4',
      'D=five six',
      'F=8',
      'G=9',
    ]);
    expect(withB('app.dockerfile', 'ENV A=1 \\\n  C=3\n')).toBe('ENV A=1 B=2 \\\n  C=3\n');
    expect(withB('Dockerfile.dev', 'ENV A 1\nRUN x\n')).toBe('ENV A 1\nENV B 2\nRUN x\n');
  });

  test('JSON of VS Code', () => {
    const text =
      '{ // c\n"env": {"A": "1", "B": 2, "C": null, "D": "${env:D}"}, "args": ["E=1"], "x": {"env": {"F": "6"},},\n"containerEnv": {"G": "7"}, "terminal.integrated.env.windows": {"H": "8"} }';
    expect(variablesOf('a/.vscode/tasks.json', text)).toEqual(['A=1', 'B=2', 'D=?', 'F=6', 'G=7']);
    expect(variablesOf('a/package.json', text)).toEqual([]);
    expect(withB('.vscode/launch.json', '{"env": {"A": "1"}}')).toBe(
      '{"env": {"A": "1", "B": "2"}}',
    );
    expect(withB('.vscode/launch.json', '{"env": {\n\t"A": "1",\n\t"C": "3"\n}}')).toBe(
      '{"env": {\n\t"A": "1",\n\t"B": "2",\n\t"C": "3"\n}}',
    );
  });

  test('TOML', () => {
    const text =
      '[tool.pixi.activation.env]\nA = "1"\nlower = "x"\n[tool.hatch.envs.default]\nenv-vars = { B1 = 2, C1 = "{root}" }\n[tool.pytest]\nenv = ["D1=4", "D:E1=5"]\n[[x]]\nF1.y = 1\n';
    expect(variablesOf('pyproject.toml', text)).toEqual(['B1=2', 'C1=?', 'D1=4', 'E1=5']);
    expect(withB('pyproject.toml', '[a]\n"A1" = "1"\nC = 2\n')).toBe(
      '[a]\n"A1" = "1"\n"B" = "2"\nC = 2\n',
    );
    expect(withB('pixi.toml', 'x = { A1 = "1" }\n')).toBe('x = { A1 = "1", B = "2" }\n');
    expect(readSettingsFile('pyproject.toml', '[a\nB = "1"\n')).toMatchObject({
      settings: [],
      broken: true,
    });
  });

  test('workflows', () => {
    const text =
      'env:\n  A: 1\n  B: ${{ secrets.B }}\njobs:\n  x:\n    env: { C: "3" }\n    steps:\n      - run: D=4 python x.py\n      - run: |\n          E=5 python x.py\n          export F=6\n      - with: { G: 7 }\n';
    expect(variablesOf('.github/workflows/ci.yml', text)).toEqual([
      'A=1',
      'B=?',
      'C=3',
      'D=4',
      'E=5',
      'F=6',
    ]);
    expect(withB('.github/workflows/ci.yaml', 'env:\n  A: 1\n  C: 3\n')).toBe(
      'env:\n  A: 1\n  B: 2\n  C: 3\n',
    );
  });
});

const examples = [
  ...[
    '.env',
    'a/.env.local',
    'prod.env',
    '.envrc',
    'run.sh',
    'x/run.command',
    '.zshrc',
    'Dockerfile',
  ],
  ...['a/Dockerfile.dev', 'app.dockerfile', '.vscode/launch.json', 'a/.vscode/settings.json'],
  ...['x.code-workspace', '.devcontainer/devcontainer.json', 'pyproject.toml', 'sub/pixi.toml'],
  ...['requirements.txt', 'requirements-dev.in', 'dev-requirements.txt', 'requirements/gpu.txt'],
  '.github/workflows/test.yml',
];
const others = [
  ...[
    'train.py',
    'env.py',
    'launch.json',
    'settings.json',
    'package.json',
    'notes.txt',
    'Cargo.toml',
  ],
  ...['docker-compose.yml', 'requirements.md', 'environment', 'x.envx', '.github/dependabot.yml'],
];

test('the editor sends the files that the server reads, and no others', () => {
  const sends = picomatch([...settingsFilePatterns], { dot: true });
  for (const path of examples)
    expect([path, isSettingsFile(path), sends(path)]).toEqual([path, true, true]);
  for (const path of others)
    expect([path, isSettingsFile(path), sends(path)]).toEqual([path, false, false]);
  expect(isSettingsFile('C:\\x\\.vscode\\launch.json')).toBe(true);
});

test('whatever the text, nothing throws and spans stay in it', () => {
  const pieces = fc.constantFrom(
    ...[
      'A=1',
      'export ',
      'ENV ',
      '"',
      "'",
      '\\',
      '\n',
      '\r\n',
      ' ',
      '#',
      '$(',
      '`',
      '<<E',
      'E',
      '{',
      '}',
      '[',
    ],
    ...[
      ']',
      ': ',
      ',',
      '"env"',
      'env:',
      '- run: |',
      '= ',
      ';',
      'if ',
      'fi',
      '\u2028',
      '💥',
      '[tool.uv.index]',
    ],
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...examples), text, (path, content) => {
      const module = readSettingsFile(path, content);
      for (const { start, end } of [...(module?.settings ?? []), ...(module?.comments ?? [])]) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(content.length);
      }
    }),
    { numRuns: 3000, examples: [['x.code-workspace', '/*']] },
  );
});

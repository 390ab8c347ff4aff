import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver-protocol';
import { codesOf, ServerProcess } from './serverProcess.ts';

const code = `import torch

device = "cuda" if torch.cuda.is_available() else "cpu"
x = torch.zeros(3, device="cuda")
`;

let folder: string;
let server: ServerProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smelt-settings-'));
});
afterEach(async () => {
  await server.stop();
});

const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

async function changed(name: string): Promise<void> {
  await server.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: uri(name), type: 2 }],
  });
}

const codesWhen = async (name: string, wanted: readonly string[]): Promise<void> => {
  await server.diagnosticsWhen(
    uri(name),
    (found) => JSON.stringify(codesOf(found)) === JSON.stringify(wanted),
  );
};

test('a settings file changes findings at once, and so does its removal', async () => {
  write('pyproject.toml', '[tool.smelt]\nignore = ["MPS102"]\n');
  server = await ServerProcess.start();
  await server.open(uri('a.py'), code);
  expect(codesOf(await server.diagnostics(uri('a.py')))).toEqual(['MPS101']);
  write('pyproject.toml', '[tool.smelt]\nselect = ["MPS102"]\n');
  await changed('pyproject.toml');
  await codesWhen('a.py', ['MPS102']);
  write('smelt.toml', 'per-file-ignores = { "a.py" = ["MPS"] }\n');
  await changed('smelt.toml');
  await codesWhen('a.py', []);
  rmSync(join(folder, 'smelt.toml'));
  rmSync(join(folder, 'pyproject.toml'));
  await changed('pyproject.toml');
  await codesWhen('a.py', ['MPS101', 'MPS102']);
});

test('a settings file that appears or goes moves the top of the project', async () => {
  mkdirSync(join(folder, 'cuda'));
  server = await ServerProcess.start();
  const severityWhen = (wanted: number): Promise<unknown> =>
    server.diagnosticsWhen(uri('cuda/a.py'), (found) =>
      found.some(({ code, severity }) => code === 'MPS101' && severity === wanted),
    );
  await server.open(uri('cuda/a.py'), code);
  await severityWhen(DiagnosticSeverity.Error);
  write('pyproject.toml', '');
  await changed('pyproject.toml');
  await severityWhen(DiagnosticSeverity.Information);
  rmSync(join(folder, 'pyproject.toml'));
  await changed('pyproject.toml');
  await severityWhen(DiagnosticSeverity.Error);
});

test('excluded files have no findings', async () => {
  write('smelt.toml', 'extend-exclude = ["generated_*.py"]\n');
  server = await ServerProcess.start();
  await server.open(uri('generated_a.py'), code);
  expect(await server.diagnostics(uri('generated_a.py'))).toEqual([]);
});

test('the settings of the editor win over the file', async () => {
  write('smelt.toml', 'select = ["MPS102"]\n');
  server = await ServerProcess.start({ settings: { lint: { select: ['MPS101'] } } });
  await server.open(uri('a.py'), code);
  expect(codesOf(await server.diagnostics(uri('a.py')))).toEqual(['MPS101']);
});

test('what is wrong in a settings file is shown in it, and goes when it is mended', async () => {
  write('smelt.toml', 'ignore = ["MPS102"]\nslect = ["MPS1"]\n');
  server = await ServerProcess.start();
  await server.open(uri('a.py'), code);
  const [problem] = await server.diagnosticsWhen(uri('smelt.toml'), (found) => found.length > 0);
  expect(problem).toMatchObject({
    range: { start: { line: 1, character: 0 } },
    message: 'unknown setting "slect". Did you mean "select"?',
  });
  expect(codesOf(await server.diagnostics(uri('a.py')))).toEqual(['MPS101']);
  write('smelt.toml', 'ignore = ["MPS102"]\n');
  await changed('smelt.toml');
  await server.diagnosticsWhen(uri('smelt.toml'), (found) => found.length === 0);
});

test('versions of the settings are those of the rules', async () => {
  write('smelt.toml', 'target-torch = "2.4"\n');
  server = await ServerProcess.start();
  const text = 'import torch\n\nm = torch.compile(torch.nn.Linear(2, 2).to("mps"))\n';
  await server.open(uri('b.py'), text);
  const old = codesOf(await server.diagnostics(uri('b.py')));
  write('smelt.toml', 'target-torch = "2.13"\n');
  await changed('smelt.toml');
  await server.diagnosticsWhen(
    uri('b.py'),
    (found) => JSON.stringify(codesOf(found)) !== JSON.stringify(old),
  );
});

import { afterEach, expect, test } from 'vitest';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-protocol';
import { codesOf, ServerProcess } from './serverProcess.ts';

let server: ServerProcess;
afterEach(async () => {
  expect(await server.stop()).toBe(0);
});

async function open(uri: string, languageId: string, text: string): Promise<Diagnostic[]> {
  await server.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId, version: 1, text },
  });
  return server.diagnostics(uri);
}

const actions = (uri: string, diagnostic: Diagnostic): Promise<CodeAction[]> =>
  server.connection.sendRequest('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostic.range,
    context: { diagnostics: [diagnostic] },
  });

test('a launch configuration gets its finding, the fix and a comment that silences it', async () => {
  server = await ServerProcess.start();
  const uri = 'file:///project/.vscode/launch.json';
  const text = '{\n  "env": {\n    "PYTORCH_MPS_HIGH_WATERMARK_RATIO": "0.7"\n  }\n}\n';
  const [finding] = await open(uri, 'jsonc', text);
  expect(finding).toMatchObject({
    code: 'MPS302',
    severity: 1,
    range: { start: { line: 2, character: 4 } },
  });
  const [fix, ignore] = await actions(uri, finding as Diagnostic);
  expect(fix?.title).toBe('Set the low watermark to 0.59');
  expect(fix?.edit?.changes?.[uri]?.[0]).toMatchObject({
    newText: ',\n    "PYTORCH_MPS_LOW_WATERMARK_RATIO": "0.59"',
    range: { start: { line: 2, character: 45 } },
  });
  expect(ignore?.title).toBe('Ignore MPS302 on this line');
  expect(ignore?.edit?.changes?.[uri]?.[0]?.newText).toBe('  // smelt: ignore[MPS302]');
  await server.change(uri, 2, text.replace('"0.7"', '"0.7"  // smelt: ignore[MPS302]'));
  expect(await server.diagnostics(uri, 2)).toEqual([]);
});

test('where no comment can end a line, the file is silenced', async () => {
  server = await ServerProcess.start();
  const uri = 'file:///project/Dockerfile';
  const text = 'FROM x\nENV PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.7\n';
  const [finding] = await open(uri, 'dockerfile', text);
  // Containers have no MPS: worth knowing, no more.
  expect(finding).toMatchObject({ code: 'MPS302', severity: 3 });
  const ignore = (await actions(uri, finding as Diagnostic)).find(({ title }) =>
    title.startsWith('Ignore'),
  );
  expect(ignore?.title).toBe('Ignore MPS302 in this file');
  const edit = ignore?.edit?.changes?.[uri]?.[0];
  expect(edit).toMatchObject({
    newText: '# smelt: ignore-file[MPS302]\n',
    range: { start: { line: 1, character: 0 } },
  });
  await server.change(uri, 2, text.replace('ENV', `${edit?.newText}ENV`));
  expect(await server.diagnostics(uri, 2)).toEqual([]);
});

test('the language of the document does not matter, its name does', async () => {
  server = await ServerProcess.start();
  const text = 'PYTORCH_ENABLE_MPS_FALLBACK=yes\n';
  for (const language of ['dotenv', 'plaintext', 'properties'])
    expect(codesOf(await open(`file:///project/${language}/.env`, language, text))).toEqual([
      'MPS306',
    ]);
  const hover = await server.connection.sendRequest('textDocument/hover', {
    textDocument: { uri: 'file:///project/dotenv/.env' },
    position: { line: 0, character: 3 },
  });
  expect(JSON.stringify(hover)).toContain('std::stoi');
});

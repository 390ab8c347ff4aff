import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver-protocol';
import { ServerProcess } from './serverProcess.ts';

let server: ServerProcess;
let folders = 0;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

/** What is offered at `|`, and the text once the item called `label` is taken. */
async function complete(
  marked: string,
  {
    label,
    language = 'python',
    name = 'a.py',
  }: { label?: string; language?: string; name?: string } = {},
): Promise<{ labels: string[]; items: CompletionItem[]; taken: string }> {
  folders += 1;
  const uri = `file:///project/${folders}/${name}`;
  const at = marked.indexOf('|');
  const before = marked.slice(0, at).split('\n');
  const text = marked.replace('|', '');
  await server.open(uri, text, language);
  const items = await server.connection.sendRequest<CompletionItem[]>('textDocument/completion', {
    textDocument: { uri },
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  });
  const lines = text.split('\n');
  const edit = items.find((item) => item.label === label)?.textEdit;
  if (edit !== undefined && 'range' in edit) {
    const { start, end } = edit.range;
    const line = lines[start.line] ?? '';
    lines[start.line] = line.slice(0, start.character) + edit.newText + line.slice(end.character);
  }
  return { labels: items.map((item) => item.label), items, taken: lines.join('\n') };
}

const fallback = 'PYTORCH_ENABLE_MPS_FALLBACK';
const names = [
  fallback,
  'PYTORCH_MPS_HIGH_WATERMARK_RATIO',
  'PYTORCH_MPS_LOW_WATERMARK_RATIO',
  'MLX_ENABLE_TF32',
];

describe('names in Python', () => {
  test.each([
    ['os.environ["|"]', `os.environ["${fallback}"]`],
    ['os.environ["|', `os.environ["${fallback}`],
    ["os.environ['PYTORCH_EN|ABLE'] = '1'", `os.environ['${fallback}'] = '1'`],
    ['environ["PY|"]', `environ["${fallback}"]`],
    ['os.environ.setdefault("|", "1")', `os.environ.setdefault("${fallback}", "1")`],
    ['os.environ.setdefault(\n    "|"\n)', `os.environ.setdefault(\n    "${fallback}"\n)`],
    ['os.environ.get("|")', `os.environ.get("${fallback}")`],
    ['os.getenv("|")', `os.getenv("${fallback}")`],
    ['os.putenv("|", "1")', `os.putenv("${fallback}", "1")`],
    ['monkeypatch.setenv("|", "1")', `monkeypatch.setenv("${fallback}", "1")`],
    ['os.environ.update({"A": "1", "|"})', `os.environ.update({"A": "1", "${fallback}"})`],
    ['%env PYT|', `%env ${fallback}`],
    ['x = "it\'s"  # one\nos.environ["|"]', `x = "it's"  # one\nos.environ["${fallback}"]`],
  ])('%s', async (text, taken) => {
    const offered = await complete(text, { label: fallback });
    expect(offered.labels).toEqual(expect.arrayContaining(names));
    expect(offered.taken).toBe(taken);
  });
});

describe('values', () => {
  test.each([
    [`os.environ["${fallback}"] = "|"`, ['1', '0'], `os.environ["${fallback}"] = "1"`],
    [`os.environ["${fallback}"] = "tr|ue"`, ['1', '0'], `os.environ["${fallback}"] = "1"`],
    [
      `os.environ.setdefault("${fallback}", "|")`,
      ['1', '0'],
      `os.environ.setdefault("${fallback}", "1")`,
    ],
    ['%env MLX_DISABLE_COMPILE=|', ['1'], '%env MLX_DISABLE_COMPILE=1'],
    [
      `if os.getenv("${fallback}", "|") == "1": pass`,
      ['1', '0'],
      `if os.getenv("${fallback}", "1") == "1": pass`,
    ],
  ])('%s', async (text, labels, taken) => {
    const offered = await complete(text, { label: '1' });
    expect(offered.labels).toEqual(labels);
    expect(offered.taken).toBe(taken);
  });

  test('of a ratio replace the whole number', async () => {
    const text = 'os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"] = "0|.7"';
    const offered = await complete(text, { label: '1.7' });
    expect(offered.taken).toBe('os.environ["PYTORCH_MPS_HIGH_WATERMARK_RATIO"] = "1.7"');
  });
});

describe('files that set variables', () => {
  test.each([
    ['PYT|', 'dotenv', '.env', fallback],
    ['A=1\nexport PYT|', 'plaintext', '.env.local', `A=1\nexport ${fallback}`],
    ['export PYT|', 'shellscript', 'run.sh', `export ${fallback}`],
    ['PYTORCH_|=1 python a.py', 'shellscript', 'run.sh', `${fallback}=1 python a.py`],
    ['ENV PYT|', 'dockerfile', 'Dockerfile', `ENV ${fallback}`],
    [
      '{"configurations": [{"env": {"A": "1", "|"}}]}',
      'jsonc',
      '.vscode/launch.json',
      `{"configurations": [{"env": {"A": "1", "${fallback}"}}]}`,
    ],
  ])('%s in %s', async (text, language, name, taken) => {
    const offered = await complete(text, { label: fallback, language, name });
    expect(offered.labels).toEqual(expect.arrayContaining(names));
    expect(offered.taken).toBe(taken);
  });

  test.each([
    [`${fallback}=|`, 'dotenv', '.env'],
    [`export ${fallback}="|"`, 'shellscript', 'run.sh'],
    [`ENV ${fallback}=|`, 'dockerfile', 'Dockerfile'],
    [`ENV ${fallback} |`, 'dockerfile', 'Dockerfile'],
    [`{"env": {"${fallback}": "|"}}`, 'jsonc', '.vscode/launch.json'],
  ])('the value in %s of %s', async (text, language, name) => {
    expect((await complete(text, { language, name })).labels).toEqual(['1', '0']);
  });
});

describe('nothing is offered', () => {
  test.each([
    ['in another string', 'x = "|"'],
    ['in another dict', 'settings["|"]'],
    ['for an attribute', 'os.environ|'],
    ['outside of the string', 'os.environ["A"|]'],
    ['in a comment', '# os.environ["|'],
    ['in a string that holds code', 'x = \'os.environ["|'],
    ['in a docstring', '"""\nos.environ["|"]\n"""'],
    ['for the value of another variable', 'os.environ["HOME"] = "|"'],
    ['for another object', 'my.notenviron["|"]'],
    ['in an empty file', '|'],
  ])('%s', async (_what, text) => expect((await complete(text)).labels).toEqual([]));

  test.each([
    ['in a comment of .env', '# PYT|', 'dotenv', '.env'],
    ['for a command', 'python PYT|', 'shellscript', 'run.sh'],
    ['at every line of a script', 'ec|', 'shellscript', 'run.sh'],
    ['elsewhere in launch.json', '{"name": "|"}', 'jsonc', '.vscode/launch.json'],
    ['in other files', 'os.environ["|"]', 'markdown', 'a.md'],
  ])('%s', async (_what, text, language, name) =>
    expect((await complete(text, { language, name })).labels).toEqual([]),
  );
});

test('an item says what it does and when it is read', async () => {
  const { items } = await complete('import os\nos.environ["|"]\n');
  const item = items.find(({ label }) => label === 'PYTORCH_MPS_HIGH_WATERMARK_RATIO');
  const documentation = JSON.stringify(item?.documentation);
  expect(documentation).toContain(
    'Read when the first tensor is allocated on MPS, and never again.',
  );
  expect(documentation).toContain('Below 1.4 the low ratio');
});

test('a cell of a notebook completes, too', async () => {
  const cell = 'vscode-notebook-cell:/n.ipynb#0';
  await server.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: {
      uri: 'file:///n.ipynb',
      notebookType: 'jupyter-notebook',
      version: 1,
      cells: [{ kind: 2, document: cell }],
    },
    cellTextDocuments: [{ uri: cell, languageId: 'python', version: 1, text: '%env ML' }],
  });
  const items = await server.connection.sendRequest<CompletionItem[]>('textDocument/completion', {
    textDocument: { uri: cell },
    position: { line: 0, character: 7 },
  });
  expect(items.map(({ label }) => label)).toContain('MLX_ENABLE_TF32');
});

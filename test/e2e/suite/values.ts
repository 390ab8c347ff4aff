import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { diagnosticsWhen, newFile, openFile, smelt, when } from './editor.ts';
import { ask, focusEditor, hasPage, marked } from './page.ts';
import { inEveryTheme } from './themes.ts';

const torch = `import torch

device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
x = torch.randn(8192, 8192, device=device)
y = x.transpose(0, 1)
`;

/** Hints, hovers, lenses and completions: what the analyser knows of values and names. */
export function values(): void {
  describe('values', () => {
    before(() => smelt());

    it('shows what is lazy in timed code, and what it measures', async () => {
      const { document } = await openFile('bench_mlx.py');
      await diagnosticsWhen(document.uri, 'the server has read it', (all) => all.length > 0);
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        all,
      );
      const labels = hints.map(({ label }) => String(label));
      assert.ok(labels.includes('lazy'), labels.join());
      assert.ok(labels.includes('evaluated here'), labels.join());
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      const titles = lenses.map(({ command }) => command?.title);
      assert.ok(titles.includes('Measures: making x and y, 1 matmul'), titles.join());
      if (!hasPage()) return;
      await ask({ ask: 'waitForText', text: 'evaluated here', within: '.view-lines' });
      await ask({
        ask: 'waitForText',
        text: 'Measures: making x and y',
        within: '.view-zones, .contentWidgets',
      });
      await inEveryTheme('hints-and-lenses');
    });

    it('peeks at what a lens has counted', async function () {
      if (!hasPage()) this.skip();
      const editor = await openFile('bench_mlx.py');
      editor.revealRange(new vscode.Range(40, 0, 40, 0), vscode.TextEditorRevealType.InCenter);
      await ask({
        ask: 'click',
        selector: '.codelens-decoration a:text("Measures 1 matmul, evaluated")',
      });
      await ask({ ask: 'waitForText', text: 'z = x @ y', within: '.peekview-widget' });
      await inEveryTheme('lens-peek');
      await vscode.commands.executeCommand('closeReferenceSearch');
    });

    it('explains a value in its hover', async () => {
      const { document } = await newFile('values.py', torch);
      const text = await hoverText(document.uri, new vscode.Position(3, 0));
      assert.match(text, /mps · float32 · 8192 x 8192/);
      assert.match(text, /line 3/);
    });

    it('explains a name, in every theme', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('names.py', torch);
      await hoverText(editor.document.uri, new vscode.Position(4, 8));
      await ask({ ask: 'waitForText', text: 'mps · float32', within: '.view-lines' });
      await inEveryTheme('hover-name', async () => {
        editor.selection = new vscode.Selection(4, 8, 4, 8);
        await vscode.window.showTextDocument(editor.document);
        await vscode.commands.executeCommand('editor.action.showHover');
        await ask({
          ask: 'waitForText',
          text: 'Same name, other meaning',
          within: '.monaco-hover',
        });
      });
      await ask({ ask: 'press', keys: 'Escape' });
    });

    it('completes an environment variable as it is typed, and its value', async function () {
      if (!hasPage()) this.skip();
      const editor = await newFile('variables.py', 'import os\n\nos.environ[]\n');
      editor.selection = new vscode.Selection(2, 11, 2, 11);
      // The window has moved the cursor before it answers.
      await focusEditor();
      await ask({ ask: 'type', text: '"' });
      await marked('.suggest-widget', 'PYTORCH_ENABLE_MPS_FALLBACK');
      const suggested = async (): Promise<void> => {
        await focusEditor();
        // What is marked in the list of before could go under the key.
        await vscode.commands.executeCommand('hideSuggestWidget');
        await ask({ ask: 'noSelector', selector: '.suggest-widget.visible' });
        await vscode.commands.executeCommand('editor.action.triggerSuggest');
        await marked('.suggest-widget', 'PYTORCH_ENABLE_MPS_FALLBACK');
      };
      await inEveryTheme('completion', suggested);
      await suggested();
      const changed = vscode.workspace.onDidChangeTextDocument as vscode.Event<never>;
      const textIs = (wanted: RegExp): Promise<unknown> =>
        when(`the text is ${wanted}`, () => wanted.test(editor.document.getText()), changed);
      await ask({ ask: 'press', keys: 'Enter' });
      await textIs(/os\.environ\["PYTORCH_ENABLE_MPS_FALLBACK"\]/);
      await ask({ ask: 'press', keys: 'End' });
      await ask({ ask: 'type', text: ' = "' });
      await marked('.suggest-widget', 'run them on the CPU');
      await ask({ ask: 'press', keys: 'Enter' });
      await textIs(/os\.environ\["PYTORCH_ENABLE_MPS_FALLBACK"\] = "1"/);
      await editor.document.save();
    });
  });
}

async function hoverText(uri: vscode.Uri, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    at,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((part) => (typeof part === 'string' ? part : part.value))
    .join('\n');
}

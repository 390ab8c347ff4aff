import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { TableText } from '../benchmark/tableText.ts';
import { tableMarkdown } from '../benchmark/tableText.ts';

/** A page with what was measured. */
export function showTable(table: TableText): vscode.WebviewPanel {
  const panel = vscode.window.createWebviewPanel(
    'smelt.benchmark',
    table.title,
    vscode.ViewColumn.Active,
    { enableScripts: true, enableFindWidget: true },
  );
  panel.webview.html = tableHtml(table, randomBytes(16).toString('hex'));
  panel.webview.onDidReceiveMessage(async (message: unknown) => {
    if (message === 'markdown') {
      await vscode.env.clipboard.writeText(tableMarkdown(table));
      vscode.window.setStatusBarMessage('Table copied as Markdown', 3_000);
    }
    if (message === 'json') {
      const content = `${JSON.stringify(table.data, null, 2)}\n`;
      const document = await vscode.workspace.openTextDocument({ language: 'json', content });
      await vscode.window.showTextDocument(document);
    }
  });
  return panel;
}

/** Themed by VS Code's own variables; nothing is loaded from anywhere. */
function tableHtml(table: TableText, nonce: string): string {
  const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
    row.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('');
  const caveats = table.caveats.map((caveat) => `<li>${escaped(caveat)}</li>`).join('');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<title>${escaped(table.title)}</title>
<style nonce="${nonce}">
body { max-width: 70em; padding: 1em 1.5em; color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }
h1 { font-size: 1.4em; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35em 1.2em 0.35em 0; text-align: left; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, currentColor)); white-space: nowrap; }
p, li { color: var(--vscode-descriptionForeground); }
button { padding: 0.3em 0.9em; border: 1px solid var(--vscode-button-border, transparent); color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); font: inherit; cursor: pointer; }
button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
</style>
</head>
<body>
<h1>${escaped(table.headline)}</h1>
<div class="scroll"><table>
<thead><tr>${cells(table.columns, 'th')}</tr></thead>
<tbody>${table.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</tbody>
</table></div>
<ul>${caveats}</ul>
<p>${escaped(table.note)}</p>
<button id="markdown">Copy as Markdown</button> <button id="json">Open as JSON</button>
<script nonce="${nonce}">
const editor = acquireVsCodeApi();
for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', () => editor.postMessage(button.id));
}
</script>
</body>
</html>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

const escaped = (text: string): string => text.replace(/[&<>"]/g, (mark) => entities[mark] ?? mark);

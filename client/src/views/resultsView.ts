import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CellRun, CellRuns } from '../cells/cellRuns.ts';
import { activePythonEditor } from '../cells/documentCells.ts';
import { titleOf } from '../cells/percentCells.ts';
import type { CellState } from '../kernel/cellState.ts';
import { isFinished } from '../kernel/cellState.ts';
import { lineOfRun } from './inlineResults.ts';
import { isRich, resultBlocks } from './resultBlocks.ts';
import type { ResultCell, ResultsRequest, ShowResults } from './resultMessages.ts';

export const resultsViewId = 'smelt.results';

/** Milliseconds between two pictures of the page while output pours in. */
const frame = 150;

/** Pictures, tables and the whole text of the cells of the file in front: what no line can hold. */
export class ResultsView implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly runs: CellRuns;
  private readonly media: vscode.Uri;
  private readonly listeners: vscode.Disposable[];
  private view: vscode.WebviewView | undefined;
  private uri: vscode.Uri | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** What the page has of each run, so that it is not sent again. */
  private sent = new WeakMap<CellRun, CellState>();
  private readonly revealed = new WeakSet<CellRun>();

  constructor(runs: CellRuns, extensionUri: vscode.Uri) {
    this.runs = runs;
    this.media = vscode.Uri.joinPath(extensionUri, 'dist');
    this.uri = activePythonEditor()?.document.uri;
    this.listeners = [
      vscode.window.registerWebviewViewProvider(resultsViewId, this, {
        webviewOptions: { retainContextWhenHidden: true },
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        const uri = activePythonEditor()?.document.uri;
        if (uri === undefined || uri.toString() === this.uri?.toString()) return;
        this.uri = uri;
        this.schedule();
      }),
      runs.onDidChange((uri) => {
        if (uri === this.uri?.toString()) this.schedule();
        for (const run of runs.of(uri)) this.revealWhenRich(run);
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const listener of this.listeners) listener.dispose();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [this.media] };
    const script = view.webview.asWebviewUri(vscode.Uri.joinPath(this.media, 'results.js'));
    view.webview.html = pageHtml(script, randomBytes(16).toString('hex'));
    view.webview.onDidReceiveMessage((request: ResultsRequest) => {
      if (request.type === 'ready') {
        this.sent = new WeakMap();
        this.show();
      } else this.reveal(request.first);
    });
    view.onDidChangeVisibility(() => this.schedule());
    view.onDidDispose(() => {
      this.view = undefined;
    });
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.show();
    }, frame);
  }

  private show(): void {
    if (this.view?.visible !== true) return;
    const runs = this.uri === undefined ? [] : this.runs.of(this.uri.toString());
    const message: ShowResults = {
      file: this.uri === undefined ? '' : basename(this.uri.path),
      cells: [...runs].sort((a, b) => a.first - b.first).map((run) => this.cellOf(run)),
    };
    void this.view.webview.postMessage(message);
  }

  private cellOf(run: CellRun): ResultCell {
    const line = lineOfRun(run);
    const known = this.sent.get(run);
    const changed =
      known === undefined ||
      known.outputs !== run.state.outputs ||
      known.result !== run.state.result ||
      known.error !== run.state.error ||
      known.cause !== run.state.cause;
    this.sent.set(run, run.state);
    return {
      key: `${run.id}`,
      title: titleOf(run.text),
      first: run.first,
      line: line?.text ?? '',
      tone: line?.tone ?? 'normal',
      isFinished: isFinished(run.state),
      ...(changed ? { blocks: resultBlocks(run.state) } : {}),
    };
  }

  private reveal(first: number): void {
    const editor = vscode.window.visibleTextEditors.find(
      ({ document }) => document.uri.toString() === this.uri?.toString(),
    );
    editor?.revealRange(new vscode.Range(first, 0, first, 0), vscode.TextEditorRevealType.AtTop);
  }

  /** Opens the view when there is something to see that the line cannot show; the focus stays. */
  private revealWhenRich(run: CellRun): void {
    // A picture need not come last: several outputs may have come at once.
    if (this.revealed.has(run) || !isRich(run.state)) return;
    this.revealed.add(run);
    const wanted = vscode.workspace
      .getConfiguration('smelt.results', vscode.Uri.parse(run.uri))
      .get('reveal', true);
    if (!wanted || this.view?.visible === true) return;
    if (this.view !== undefined) this.view.show(true);
    else void vscode.commands.executeCommand(`${resultsViewId}.focus`, { preserveFocus: true });
  }
}

/** ANSI colours as Anser's classes name them, in the terminal's colours of the theme. */
const ansi = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']
  .flatMap((name) => {
    const title = `${name[0]?.toUpperCase()}${name.slice(1)}`;
    return [
      `.ansi-${name}-fg { color: var(--vscode-terminal-ansi${title}); }`,
      `.ansi-bright-${name}-fg { color: var(--vscode-terminal-ansiBright${title}); }`,
      // Two thirds of these are too dark for black.
      `[data-vscode-theme-kind="vscode-high-contrast"] .ansi-${name}-fg { color: var(--vscode-terminal-ansiBright${title}); }`,
      `.ansi-${name}-bg { background: var(--vscode-terminal-ansi${title}); }`,
      `.ansi-bright-${name}-bg { background: var(--vscode-terminal-ansiBright${title}); }`,
    ];
  })
  .join('\n');

const pageHtml = (script: vscode.Uri, nonce: string): string => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'">
<title>Smelt: Results</title>
<style>
body { padding: 0 1em; color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }
section { padding: 0.4em 0 0.8em; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)); }
h2 { margin: 0; font-size: 1em; font-weight: 600; }
h2 button { padding: 0; border: 0; color: var(--vscode-textLink-foreground); background: none; font: var(--vscode-editor-font-size) var(--vscode-editor-font-family); cursor: pointer; }
h2 button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
#spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
p { margin: 0.2em 0; color: var(--vscode-descriptionForeground); }
p.warning { color: var(--vscode-smelt-inline-warning); }
p.error { color: var(--vscode-smelt-inline-error); }
pre { margin: 0.3em 0; max-height: 30em; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: var(--vscode-editor-font-size) var(--vscode-editor-font-family); }
pre.stderr { padding-left: 0.6em; border-left: 2px solid var(--vscode-errorForeground); }
img { display: block; max-width: 100%; background: white; }
iframe { display: block; width: 100%; height: 4em; border: 0; }
.ansi-bold { font-weight: bold; } .ansi-italic { font-style: italic; } .ansi-underline { text-decoration: underline; } .ansi-dim { opacity: 0.7; }
${ansi}
</style>
</head>
<body>
<p id="empty"></p>
<p id="spoken" role="status"></p>
<main></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;

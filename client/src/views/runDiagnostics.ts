import * as vscode from 'vscode';
import type { CellRun, CellRuns } from '../cells/cellRuns.ts';

/** A failed cell's error, on the line of the file that raised it. */
export class RunDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('smelt-run');
  private readonly listener: vscode.Disposable;
  private readonly shown = new Map<string, string>();

  constructor(runs: CellRuns) {
    this.listener = runs.onDidChange((uri) => {
      const failed = runs.of(uri).filter(({ state, stale }) => state.error !== null && !stale);
      const key = failed.map(({ first, state }) => `${first} ${state.error?.mark}`).join();
      if (this.shown.get(uri) === key || (key === '' && !this.shown.has(uri))) return;
      this.shown.set(uri, key);
      this.collection.set(vscode.Uri.parse(uri), failed.flatMap(diagnosticOf));
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.collection.dispose();
  }
}

function diagnosticOf(run: CellRun): vscode.Diagnostic[] {
  const { error, phase } = run.state;
  if (error === null || phase === 'interrupted') return [];
  const moved = run.first - run.ranAt;
  const uri = vscode.Uri.parse(run.uri);
  // The innermost line of the file itself: below it is the library's business.
  const filename = uri.scheme === 'file' ? uri.fsPath : error.frames[0]?.filename;
  const frame = error.frames.findLast((each) => each.filename === filename);
  const line = Math.max(0, (frame?.line ?? run.ranAt) + moved);
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER),
    error.evalue === '' ? error.ename : `${error.ename}: ${error.evalue}`,
    vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = 'smelt run';
  return [diagnostic];
}

import * as vscode from 'vscode';
import type { DeviceState } from '../python/deviceState.ts';
import { deviceRows } from './deviceText.ts';

/** The device of the interpreter, while a Python file or a notebook is in front. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'smelt.device',
    vscode.StatusBarAlignment.Right,
    90,
  );
  private readonly listeners: vscode.Disposable[];
  private readonly device: DeviceState;

  constructor(device: DeviceState) {
    this.device = device;
    this.item.name = 'Smelt: Device';
    this.item.command = 'smelt.showDevice';
    this.listeners = [
      this.item,
      device.onDidChange(() => this.show()),
      vscode.window.onDidChangeActiveTextEditor(() => this.follow()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.follow()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.follow()),
    ];
    this.follow();
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  private follow(): void {
    const uri = pythonInFront();
    if (uri === undefined) {
      // A panel or another view has the focus: the editor is still there.
      if (vscode.window.visibleTextEditors.length === 0) this.item.hide();
      return;
    }
    this.show();
    this.item.show();
    void this.device.of(uri);
  }

  private show(): void {
    const { label, warning, verdict, probe } = this.device.current;
    this.item.text = `$(${warning ? 'warning' : 'circuit-board'}) ${label}`;
    this.item.accessibilityInformation = { label: `Smelt device: ${label}. ${verdict}` };
    this.item.backgroundColor = warning
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    const tooltip = new vscode.MarkdownString();
    tooltip.appendText(verdict);
    if (probe !== null) {
      tooltip.appendMarkdown('\n\n| | |\n| --- | --- |\n');
      for (const [name, value] of deviceRows(probe)) {
        tooltip.appendMarkdown(`| ${name} | \`${value.replaceAll(/[`|\n]/g, ' ')}\` |\n`);
      }
    }
    this.item.tooltip = tooltip;
  }
}

function pythonInFront(): vscode.Uri | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId === 'python') return editor.document.uri;
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  return notebook?.notebookType === 'jupyter-notebook' ? notebook.uri : undefined;
}

import * as vscode from 'vscode';
import type { CellRuns } from '../cells/cellRuns.ts';
import { activePythonEditor } from '../cells/documentCells.ts';
import type { Kernels } from '../kernel/kernels.ts';
import type { Variable } from '../kernel/messages.gen.ts';
import { examinedText, variableText } from './variableText.ts';

/** A variable or one of its parts, with the names that lead to it. */
export interface VariableNode {
  readonly path: readonly string[];
  readonly variable: Variable;
}

const icons: Readonly<Record<Variable['kind'], string>> = {
  tensor: 'symbol-array',
  array: 'symbol-array',
  module: 'symbol-class',
  container: 'symbol-object',
  frame: 'table',
  value: 'symbol-variable',
  object: 'symbol-misc',
};

/**
 * What the kernel of the file or notebook in front holds. Asked for only while the view is seen, and
 * described without running any code of the user's.
 */
export class VariablesView implements vscode.TreeDataProvider<VariableNode>, vscode.Disposable {
  private readonly kernels: Kernels;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];
  private readonly view: vscode.TreeView<VariableNode>;
  private readonly examined = new Map<string, string>();
  private uri: vscode.Uri | undefined;
  private busy = false;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(kernels: Kernels, runs: CellRuns) {
    this.kernels = kernels;
    this.uri = inFront();
    this.view = vscode.window.createTreeView('smelt.variables', {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    const follow = (): void => {
      const uri = inFront();
      if (uri === undefined || uri.toString() === this.uri?.toString()) return;
      this.uri = uri;
      this.refresh();
    };
    this.listeners = [
      this.changed,
      this.view,
      vscode.window.onDidChangeActiveTextEditor(follow),
      vscode.window.onDidChangeActiveNotebookEditor(follow),
      runs.onDidChange((uri) => this.afterRun(uri, runs)),
      kernels.onDidEnd(() => this.refresh()),
      kernels.onDidAttach(() => this.refresh()),
      // Cells of notebooks end with a change of their summary.
      vscode.workspace.onDidChangeNotebookDocument(({ cellChanges }) => {
        if (cellChanges.some(({ executionSummary }) => executionSummary?.success !== undefined))
          this.refresh();
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.listeners) listener.dispose();
  }

  getTreeItem({ path, variable }: VariableNode): vscode.TreeItem {
    const item = new vscode.TreeItem(
      variable.name,
      variable.parts > 0
        ? vscode.TreeItemCollapsibleState.Collapsed
        : vscode.TreeItemCollapsibleState.None,
    );
    const key = path.join('\n');
    const text = [variableText(variable), this.examined.get(key) ?? '']
      .filter((part) => part !== '')
      .join(' · ');
    item.id = `${this.uri?.toString() ?? ''}\n${key}`;
    item.description = text;
    item.tooltip = `${variable.name}: ${variable.type}\n${text}`;
    item.iconPath = new vscode.ThemeIcon(icons[variable.kind]);
    item.accessibilityInformation = { label: `${variable.name}, ${text}` };
    if (variable.kind === 'tensor' || variable.kind === 'array') item.contextValue = 'numbers';
    return item;
  }

  async getChildren(parent?: VariableNode): Promise<VariableNode[]> {
    const path = parent?.path ?? [];
    const session = this.uri === undefined ? undefined : this.kernels.runningOf(this.uri);
    // A running cell would keep the question waiting: the end of the cell asks again.
    if (session === undefined || session.isBusy) return [];
    const answer = await session.ask({ type: 'variables', path });
    if (answer?.type !== 'variables') return [];
    this.view.message =
      parent === undefined && answer.left_out > 0 ? `${answer.left_out} more are not shown.` : '';
    return answer.variables.map((variable) => ({ path: [...path, variable.key], variable }));
  }

  /** The variables in words. */
  async lines(): Promise<string[]> {
    const nodes = await this.getChildren();
    return nodes.map((node) => `${node.variable.name}: ${this.getTreeItem(node).description}`);
  }

  /** Counts NaN and infinite numbers of a tensor, and shows them with it. */
  async examine({ path }: VariableNode): Promise<void> {
    const session = this.uri === undefined ? undefined : this.kernels.runningOf(this.uri);
    const answer = await session?.ask({ type: 'examine', path });
    if (answer?.type !== 'examined') return;
    this.examined.set(path.join('\n'), examinedText(answer));
    this.changed.fire();
  }

  private afterRun(uri: string, runs: CellRuns): void {
    if (uri !== this.uri?.toString()) return;
    const busy = runs.isBusy(uri);
    if (this.busy && !busy) this.refresh();
    this.busy = busy;
  }

  /** What was read of tensors may be true no longer. */
  private refresh(): void {
    this.examined.clear();
    this.changed.fire();
  }
}

const inFront = (): vscode.Uri | undefined =>
  vscode.window.activeNotebookEditor?.notebook.uri ?? activePythonEditor()?.document.uri;

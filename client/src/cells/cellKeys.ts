import * as vscode from 'vscode';

/** Extensions that have keys for the same lines, and what is asked about them. */
const neighbours = [
  {
    id: 'ms-toolsai.jupyter',
    question: 'Jupyter has the keys that run # %% cells here. Give them to Run on Metal?',
  },
  {
    id: 'ms-python.python',
    question:
      'Shift+Enter sends lines to the terminal here. In files with # %% cells, give it to Run on Metal?',
  },
] as const;

const askedKey = 'smelt.keysAsked';

/** Who has the keys of cells: asked once, after the first cell that ran without them. */
export class CellKeys {
  private readonly memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
    const [, python] = neighbours;
    // Jupyter itself says where its keys are (jupyter.hascodecells).
    const has = vscode.extensions.getExtension(python.id) !== undefined;
    void vscode.commands.executeCommand('setContext', 'smelt.terminalHasKeys', has);
  }

  /** Not awaited by those who run cells. */
  async ask(): Promise<void> {
    const other = neighbours.find(({ id }) => vscode.extensions.getExtension(id) !== undefined);
    if (other === undefined || this.memory.get(askedKey) === true || isDecided()) return;
    await this.memory.update(askedKey, true);
    const give = 'Give to Smelt';
    const answer = await vscode.window.showInformationMessage(other.question, give, 'Leave');
    if (answer === give)
      await vscode.workspace
        .getConfiguration('smelt.cells')
        .update('keys', 'smelt', vscode.ConfigurationTarget.Global);
  }
}

function isDecided(): boolean {
  const set = vscode.workspace.getConfiguration('smelt.cells').inspect('keys');
  return (set?.globalValue ?? set?.workspaceValue ?? set?.workspaceFolderValue) !== undefined;
}

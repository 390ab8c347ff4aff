import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { InstalledEnvironment } from '../../../server/src/protocol/messages.ts';
import type { Host } from './architecture.ts';
import { interpreterPath } from './interpreterPath.ts';
import type { Interpreter } from './interpreters.ts';
import { describeInterpreter, findInterpreters, surroundings } from './interpreters.ts';
import { interpreterText } from './interpreterText.ts';
import { extensionsChoice, extensionsPythons, followExtensions } from './pythonExtensions.ts';

const chosenKey = 'smelt.interpreter';

type Describe = (paths: readonly string[]) => Promise<readonly InstalledEnvironment[]>;

interface PythonItem extends vscode.QuickPickItem {
  readonly path: string | null;
  readonly action?: 'make';
}

const otherItems: readonly PythonItem[] = [
  { label: '$(add) Make an environment for this folder…', path: null, action: 'make' },
  { label: '$(folder-opened) Choose a file…', path: null },
];

/** Which Python runs the code of a folder. Trusted folders only: their settings name programs. */
export class InterpreterChoice implements vscode.Disposable {
  private readonly memory: vscode.Memento;
  private readonly host: Host;
  readonly describe: Describe;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listener: vscode.Disposable;
  private following: vscode.Disposable | undefined;
  readonly onDidChange = this.changed.event;

  /** @param describe what is installed for interpreters, read from files */
  constructor(memory: vscode.Memento, host: Host, describe: Describe) {
    this.memory = memory;
    this.host = host;
    this.describe = describe;
    this.listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('smelt.python.interpreter')) this.changed.fire();
    });
    void followExtensions(() => this.changed.fire()).then((following) => {
      this.following = following;
    });
  }

  dispose(): void {
    this.changed.dispose();
    this.listener.dispose();
    this.following?.dispose();
  }

  /** The setting, else the last choice, else the Python extension's, else the first that is found. */
  async current(scope: vscode.Uri | undefined): Promise<Interpreter | null> {
    const set = vscode.workspace
      .getConfiguration('smelt.python', scope ?? null)
      .get<string>('interpreter', '')
      .trim();
    if (set !== '') {
      const path = interpreterPath(set, folders(scope)[0], homedir());
      return describeInterpreter(path, 'setting');
    }
    const chosen = this.memory.get<string>(chosenKey);
    if (chosen !== undefined && existsSync(chosen)) return describeInterpreter(chosen, 'chosen');
    const active = await extensionsChoice(scope);
    if (active !== null) return describeInterpreter(active, 'Python extension');
    const [first] = findInterpreters(surroundings(folders(scope)));
    return first ?? null;
  }

  /** Asks; the path that was chosen. undefined: none, or one is made, which says so itself. */
  async select(scope: vscode.Uri | undefined): Promise<string | undefined> {
    const picker = vscode.window.createQuickPick<PythonItem>();
    picker.title = 'Smelt: Python for cells and benchmarks';
    picker.placeholder = 'Choose a Python';
    picker.matchOnDescription = true;
    picker.matchOnDetail = true;
    picker.busy = true;
    const picked = new Promise<PythonItem | undefined>((resolve) => {
      picker.onDidAccept(() => resolve(picker.selectedItems[0]));
      picker.onDidHide(() => resolve(undefined));
    });
    picker.show();
    try {
      picker.items = await this.items(scope);
      picker.busy = false;
      if (picker.items.length === otherItems.length)
        picker.placeholder = 'No Python was found: choose one';
      const item = await picked;
      picker.hide();
      if (item === undefined) return undefined;
      if (item.action === 'make') {
        await vscode.commands.executeCommand('smelt.makeEnvironment');
        return undefined;
      }
      const path = item.path ?? (await browseForPython());
      if (path !== undefined) await this.choose(path, scope);
      return path;
    } finally {
      picker.dispose();
    }
  }

  private async items(scope: vscode.Uri | undefined): Promise<PythonItem[]> {
    const now = await this.current(scope);
    const found = [...findInterpreters(surroundings(folders(scope)))];
    const more = (await extensionsPythons()).map(({ path, origin }) =>
      describeInterpreter(path, origin),
    );
    for (const each of now === null ? more : [now, ...more]) {
      if (!found.some(({ path }) => path === each.path)) found.unshift(each);
    }
    const installed = await this.describe(found.map(({ path }) => path)).catch(() => []);
    const items = found.map((interpreter, i) => ({
      label: `${interpreter.path === now?.path ? '$(check) ' : ''}${nameOf(interpreter)}`,
      description: interpreterText(interpreter, installed[i], this.host.machine),
      // A long path is cut at its end.
      detail: `${interpreter.origin}: ${interpreter.path}`,
      path: interpreter.path,
    }));
    return [...items, ...otherItems];
  }

  /** A setting that names an interpreter is changed where it is; otherwise the choice is remembered. */
  async choose(path: string, scope: vscode.Uri | undefined): Promise<void> {
    const configuration = vscode.workspace.getConfiguration('smelt.python', scope ?? null);
    const set = configuration.inspect<string>('interpreter');
    if (set?.workspaceFolderValue) {
      await configuration.update('interpreter', path, vscode.ConfigurationTarget.WorkspaceFolder);
    } else if (set?.workspaceValue) {
      await configuration.update('interpreter', path, vscode.ConfigurationTarget.Workspace);
    } else if (set?.globalValue) {
      await configuration.update('interpreter', path, vscode.ConfigurationTarget.Global);
    } else await this.memory.update(chosenKey, path);
    this.changed.fire();
  }
}

const folders = (scope: vscode.Uri | undefined): string[] => {
  const folder = scope === undefined ? undefined : vscode.workspace.getWorkspaceFolder(scope);
  const all = folder === undefined ? (vscode.workspace.workspaceFolders ?? []) : [folder];
  return all.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
};

/** Where each Python has a folder of its own, which is called after it. */
const inFolders = new Set(['uv', 'pyenv', 'python.org']);

/** `.venv/bin/python` is called after its environment, and `/usr/bin/python3` after itself. */
const nameOf = ({ path, origin }: Interpreter): string => {
  const environment = dirname(dirname(path));
  const isOwn =
    inFolders.has(origin) ||
    ['pyvenv.cfg', 'conda-meta'].some((mark) => existsSync(join(environment, mark)));
  return isOwn ? basename(environment) : basename(path);
};

async function browseForPython(): Promise<string | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: 'Python interpreter',
    openLabel: 'Use',
  });
  return files?.[0]?.fsPath;
}

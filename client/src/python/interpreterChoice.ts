import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { architectureProblem, thisMachine } from './architecture.ts';
import type { Interpreter } from './interpreters.ts';
import { describeInterpreter, findInterpreters, surroundings } from './interpreters.ts';

const chosenKey = 'smelt.interpreter';

/** Which Python runs the code of a folder. Trusted folders only: their settings name programs. */
export class InterpreterChoice implements vscode.Disposable {
  private readonly memory: vscode.Memento;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listener: vscode.Disposable;
  private following: vscode.Disposable | undefined;
  readonly onDidChange = this.changed.event;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
    this.listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('smelt.python.interpreter')) this.changed.fire();
    });
    void pythonExtension().then((environments) => {
      this.following = environments?.onDidChangeActiveEnvironmentPath?.(() => this.changed.fire());
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
    if (set !== '') return describeInterpreter(set, 'setting');
    const chosen = this.memory.get<string>(chosenKey);
    if (chosen !== undefined && existsSync(chosen)) return describeInterpreter(chosen, 'chosen');
    const active = await pythonExtensionsChoice(scope);
    if (active !== null) return describeInterpreter(active, 'Python extension');
    const [first] = findInterpreters(surroundings(folders(scope)));
    return first ?? null;
  }

  /** Asks; the path that was chosen. */
  async select(scope: vscode.Uri | undefined): Promise<string | undefined> {
    const machine = thisMachine();
    const now = await this.current(scope);
    const items = [...findInterpreters(surroundings(folders(scope)))].map((interpreter) => ({
      label: `${interpreter.path === now?.path ? '$(check) ' : ''}${nameOf(interpreter.path)}`,
      description: interpreter.origin,
      detail: interpreter.path,
      problem: architectureProblem(interpreter.path, interpreter.architectures, machine),
      path: interpreter.path,
    }));
    const browse = {
      label: '$(folder-opened) Choose a file…',
      description: '',
      detail: '',
      path: null,
    };
    const picked = await vscode.window.showQuickPick(
      [
        ...items.map((item) =>
          item.problem === null
            ? item
            : { ...item, description: `${item.description} · Intel build, no Metal` },
        ),
        browse,
      ],
      {
        title: 'Smelt: Python for cells and benchmarks',
        placeHolder: items.length === 0 ? 'No Python was found: choose one' : 'Choose a Python',
        matchOnDetail: true,
      },
    );
    if (picked === undefined) return undefined;
    const path = picked.path ?? (await browseForPython());
    if (path !== undefined) await this.choose(path, scope);
    return path;
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

/** `.venv/bin/python` is called after its environment, and `/usr/bin/python3` after itself. */
const nameOf = (path: string): string => {
  const environment = dirname(dirname(path));
  return existsSync(`${environment}/pyvenv.cfg`) ? basename(environment) : basename(path);
};

async function browseForPython(): Promise<string | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: 'Python interpreter',
    openLabel: 'Use',
  });
  return files?.[0]?.fsPath;
}

/** What Smelt uses of ms-python.python's stable API; nobody has to have that extension. */
interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path?: string };
    readonly onDidChangeActiveEnvironmentPath?: vscode.Event<unknown>;
  };
}

async function pythonExtension(): Promise<PythonExtension['environments'] | null> {
  try {
    const extension = vscode.extensions.getExtension<PythonExtension>('ms-python.python');
    return (await extension?.activate())?.environments ?? null;
  } catch {
    // An extension that fails has said so itself.
    return null;
  }
}

async function pythonExtensionsChoice(scope: vscode.Uri | undefined): Promise<string | null> {
  const path = (await pythonExtension())?.getActiveEnvironmentPath(scope).path;
  // It answers "python" when it knows no better.
  return path !== undefined && /[\\/]/.test(path) && existsSync(path) ? path : null;
}

import { existsSync } from 'node:fs';
import * as vscode from 'vscode';

/** What Smelt uses of ms-python.vscode-python-envs; nobody has to have that extension. */
interface EnvironmentsExtension {
  getEnvironment(scope: vscode.Uri | undefined): Promise<PythonEnvironment | undefined>;
  getEnvironments(scope: 'all'): Promise<readonly PythonEnvironment[]>;
  readonly onDidChangeEnvironment?: vscode.Event<unknown>;
}
interface PythonEnvironment {
  readonly displayName: string;
  readonly execInfo?: { readonly run: { readonly executable: string } };
}

/** What Smelt uses of ms-python.python's stable API; nobody has to have that one either. */
interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path?: string };
    readonly onDidChangeActiveEnvironmentPath?: vscode.Event<unknown>;
  };
}

export interface FoundPython {
  readonly path: string;
  readonly origin: string;
}

/** The choice of the Python extensions for a file; null when there is none. */
export async function extensionsChoice(scope: vscode.Uri | undefined): Promise<string | null> {
  const [environments, python] = await both();
  const environment = await environments?.getEnvironment(scope).catch(() => undefined);
  const executable = environment?.execInfo?.run.executable;
  if (isPath(executable)) return executable;
  // It answers "python" when it knows no better.
  const path = python?.environments?.getActiveEnvironmentPath(scope).path;
  return isPath(path) ? path : null;
}

/** All that the Python Environments extension knows. */
export async function extensionsPythons(): Promise<FoundPython[]> {
  const [environments] = await both();
  const all = (await environments?.getEnvironments('all').catch(() => [])) ?? [];
  return all.flatMap(({ displayName, execInfo }) =>
    isPath(execInfo?.run.executable)
      ? [{ path: execInfo.run.executable, origin: displayName }]
      : [],
  );
}

/** Calls `changed` whenever either of them chooses another one. */
export async function followExtensions(changed: () => void): Promise<vscode.Disposable> {
  const [environments, python] = await both();
  const listeners = [
    environments?.onDidChangeEnvironment?.(changed),
    python?.environments?.onDidChangeActiveEnvironmentPath?.(changed),
  ].filter((listener) => listener !== undefined);
  return vscode.Disposable.from(...listeners);
}

const both = (): Promise<[EnvironmentsExtension | null, PythonExtension | null]> =>
  Promise.all([
    api<EnvironmentsExtension>('ms-python.vscode-python-envs'),
    api<PythonExtension>('ms-python.python'),
  ]);

async function api<T>(id: string): Promise<T | null> {
  try {
    return (await vscode.extensions.getExtension<T>(id)?.activate()) ?? null;
  } catch {
    // An extension that fails has said so itself.
    return null;
  }
}

const isPath = (path: string | undefined): path is string =>
  path !== undefined && /[\\/]/.test(path) && existsSync(path);

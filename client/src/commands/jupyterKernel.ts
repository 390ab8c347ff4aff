import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import { runtimeEnvironment } from '../kernel/kernelLaunch.ts';
import { environmentOf } from '../kernel/kernels.ts';
import type { InterpreterChoice } from '../python/interpreterChoice.ts';
import { mayRun } from '../trust.ts';

/** Where a kernelspec goes, as smelt_runtime's options say it. */
type Place = readonly string[];

const places: readonly (vscode.QuickPickItem & { readonly options: Place })[] = [
  {
    label: 'For me',
    description: 'JupyterLab, VS Code and others of this user offer it',
    options: ['--user'],
  },
  {
    label: 'For this Python',
    description: 'only Jupyter in the same environment offers it',
    options: [],
  },
];

/** Makes the interpreter in front a Jupyter kernel that tells device and true time after each cell. */
export const installJupyterKernel =
  (choice: InterpreterChoice, runtime: string) =>
  async (prefix?: string): Promise<string | undefined> => {
    const scope = vscode.window.activeTextEditor?.document.uri;
    const python = await pythonFor(choice, scope);
    if (python === undefined) return undefined;
    const options = await placeOf(prefix, python);
    if (options === undefined) return undefined;
    const variables = Object.entries(environmentOf(scope)).flatMap(([name, value]) => [
      '--env',
      `${name}=${value}`,
    ]);
    const folder = await run(python, runtime, ['install-kernel', ...options, ...variables]);
    if (folder !== undefined) {
      void vscode.window.showInformationMessage(
        `Jupyter offers the kernel "Smelt" from now on. It is in ${folder}.`,
      );
    }
    return folder;
  };

/** Takes back what installJupyterKernel did. */
export const uninstallJupyterKernel =
  (choice: InterpreterChoice, runtime: string) =>
  async (prefix?: string): Promise<string | undefined> => {
    const python = await pythonFor(choice, vscode.window.activeTextEditor?.document.uri);
    if (python === undefined) return undefined;
    const options = await placeOf(prefix, python);
    if (options === undefined) return undefined;
    const folder = await run(python, runtime, ['uninstall-kernel', ...options]);
    if (folder !== undefined)
      void vscode.window.showInformationMessage(`The kernel in ${folder} is gone.`);
    return folder;
  };

async function pythonFor(
  choice: InterpreterChoice,
  scope: vscode.Uri | undefined,
): Promise<string | undefined> {
  if (!(await mayRun('A kernel'))) return undefined;
  const interpreter = await choice.current(scope);
  if (interpreter !== null) return interpreter.path;
  return choice.select(scope);
}

async function placeOf(prefix: string | undefined, python: string): Promise<Place | undefined> {
  if (typeof prefix === 'string') return ['--prefix', prefix];
  const place = await vscode.window.showQuickPick(places, { title: 'Smelt: Jupyter Kernel' });
  if (place === undefined || place.options.length > 0) return place?.options;
  return ['--prefix', vscode.Uri.joinPath(vscode.Uri.file(python), '../..').fsPath];
}

/** The folder that the command prints; undefined when it failed, which was said. */
function run(
  python: string,
  runtime: string,
  args: readonly string[],
): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      python,
      ['-m', 'smelt_runtime', ...args],
      { cwd: runtime, env: runtimeEnvironment(runtime, {}) },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout.trim());
          return;
        }
        void vscode.window.showErrorMessage(stderr.trim().split('\n').at(-1) || error.message);
        resolve(undefined);
      },
    );
  });
}

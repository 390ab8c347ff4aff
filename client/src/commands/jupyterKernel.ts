import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import type { KernelLaunch } from '../kernel/kernelLaunch.ts';
import { pythonCommand, runtimeEnvironment } from '../kernel/kernelLaunch.ts';
import type { Kernels } from '../kernel/kernels.ts';
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
  (kernels: Kernels) =>
  async (prefix?: string): Promise<string | undefined> => {
    const launch = await launchFor(kernels);
    const place = launch === null ? undefined : await placeOf(prefix, launch.interpreter);
    if (launch === null || place === undefined) return undefined;
    const variables = Object.entries(launch.environment).flatMap(([name, value]) => [
      '--env',
      `${name}=${value}`,
    ]);
    const folder = await run(launch, 'install-kernel', ...place, ...variables);
    if (folder !== undefined) {
      void vscode.window.showInformationMessage(
        `Jupyter offers the kernel "Smelt" from now on. It is in ${folder}.`,
      );
    }
    return folder;
  };

/** Takes back what installJupyterKernel did. */
export const uninstallJupyterKernel =
  (kernels: Kernels) =>
  async (prefix?: string): Promise<string | undefined> => {
    const launch = await launchFor(kernels);
    const place = launch === null ? undefined : await placeOf(prefix, launch.interpreter);
    if (launch === null || place === undefined) return undefined;
    const folder = await run(launch, 'uninstall-kernel', ...place);
    if (folder !== undefined)
      void vscode.window.showInformationMessage(`The kernel in ${folder} is gone.`);
    return folder;
  };

/** null: there is no Python that can be a kernel, which was said. */
async function launchFor(kernels: Kernels): Promise<KernelLaunch | null> {
  if (!(await mayRun('A kernel'))) return null;
  return kernels.launch(vscode.window.activeTextEditor?.document.uri);
}

async function placeOf(prefix: string | undefined, python: string): Promise<Place | undefined> {
  if (typeof prefix === 'string') return ['--prefix', prefix];
  const place = await vscode.window.showQuickPick(places, {
    title: 'Smelt: Jupyter Kernel',
    placeHolder: 'Who is offered the kernel',
  });
  if (place === undefined || place.options.length > 0) return place?.options;
  return ['--prefix', vscode.Uri.joinPath(vscode.Uri.file(python), '../..').fsPath];
}

/** The folder that the command prints; undefined when it failed, which was said. */
function run(launch: KernelLaunch, ...command: readonly string[]): Promise<string | undefined> {
  const [program, ...args] = pythonCommand(launch, ...command);
  const { runtime } = launch;
  return new Promise((resolve) => {
    execFile(
      program,
      args,
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

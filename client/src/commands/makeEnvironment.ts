import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Kernels } from '../kernel/kernels.ts';
import type { Host, Machine } from '../python/architecture.ts';
import { isAppleSilicon } from '../python/architecture.ts';
import type { EnvironmentPlan, EnvironmentStep } from '../python/environmentPlan.ts';
import { environmentPlan } from '../python/environmentPlan.ts';
import type { InterpreterChoice } from '../python/interpreterChoice.ts';
import { findInterpreters, surroundings } from '../python/interpreters.ts';
import { isNewEnough } from '../python/oldestPython.ts';
import { pinnedPackages } from '../python/pinnedPackages.ts';
import { mayRun } from '../trust.ts';
import { offerRestart } from './offerRestart.ts';

/** Makes an environment that reaches Metal for the folder in front, installs what it needs, and uses it. */
export const makeEnvironment =
  (choice: InterpreterChoice, host: Host, kernels: Kernels, log: vscode.LogOutputChannel) =>
  async (): Promise<string | undefined> => {
    const scope = vscode.window.activeTextEditor?.document.uri;
    const folder =
      (scope === undefined ? undefined : vscode.workspace.getWorkspaceFolder(scope)) ??
      vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
    if (folder === undefined) {
      void vscode.window.showInformationMessage('Open a folder to make an environment in it.');
      return undefined;
    }
    if (!(await mayRun('Installing packages'))) return undefined;
    const plan = await planFor(folder.uri.fsPath, choice, host.machine, scope);
    if (plan === null) {
      void offerInstallers();
      return undefined;
    }
    if (!(await carryOut(plan, folder.uri.fsPath, log))) return undefined;
    await choice.choose(plan.interpreter, scope ?? folder.uri);
    void offerRestart(kernels, `Cells run in ${basename(plan.environment)} from now on.`);
    return plan.interpreter;
  };

async function planFor(
  folder: string,
  choice: InterpreterChoice,
  machine: Machine,
  scope: vscode.Uri | undefined,
): Promise<EnvironmentPlan | null> {
  const appleSilicon = isAppleSilicon(machine);
  const taken = readdirSync(folder);
  const now = await choice.current(scope);
  const native = await nativePython(choice, appleSilicon);
  return environmentPlan({
    folder,
    platform: machine.platform,
    appleSilicon,
    uv: onPath(machine.platform === 'win32' ? 'uv.exe' : 'uv'),
    native,
    python: now === null ? null : await minorOf(choice, now.path),
    requirements: taken.includes('requirements.txt') ? 'requirements.txt' : null,
    pins: now === null ? [] : pinnedPackages(now.path),
    taken,
  });
}

/** The first Python that runs natively here, is new enough, and is not itself an environment. */
async function nativePython(
  choice: InterpreterChoice,
  appleSilicon: boolean,
): Promise<string | null> {
  const found = [...findInterpreters(surroundings([]))].filter(
    ({ path, architectures }) =>
      (!appleSilicon || architectures?.includes('arm64') === true) &&
      !existsSync(join(dirname(dirname(path)), 'pyvenv.cfg')),
  );
  const installed = await choice.describe(found.map(({ path }) => path)).catch(() => []);
  return found.find((_, i) => isNewEnough(installed[i]?.python))?.path ?? null;
}

/** 3.11 for an interpreter of 3.11.9, so that packages that were pinned for it fit; null when it is too old. */
async function minorOf(choice: InterpreterChoice, interpreter: string): Promise<string | null> {
  const [installed] = await choice.describe([interpreter]).catch(() => []);
  const version = installed?.python;
  return isNewEnough(version) ? version.split('.').slice(0, 2).join('.') : null;
}

/** uv's installer puts it where the PATH of an editor from the Dock does not lead. */
function onPath(name: string): string | null {
  const home = process.env.HOME ?? '';
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    join(home, '.local/bin'),
    join(home, '.cargo/bin'),
    '/opt/homebrew/bin',
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

async function offerInstallers(): Promise<void> {
  const miniforge = 'Get Miniforge';
  const answer = await vscode.window.showErrorMessage(
    'No native Python was found to make an environment with. Install Miniforge for Apple Silicon, or run "brew install uv" in a native terminal, then try again.',
    miniforge,
  );
  if (answer === miniforge) {
    await vscode.env.openExternal(vscode.Uri.parse('https://conda-forge.org/download/'));
  }
}

/** Runs the steps with progress; false when one failed, which was said, or when it was cancelled. */
const carryOut = (
  plan: EnvironmentPlan,
  folder: string,
  log: vscode.LogOutputChannel,
): Thenable<boolean> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Smelt', cancellable: true },
    async (progress, cancelled) => {
      for (const step of plan.steps) {
        progress.report({ message: step.title });
        log.info(`${step.program} ${step.args.join(' ')}`);
        const problem = await runStep(step, folder, log, cancelled);
        if (cancelled.isCancellationRequested) return false;
        if (problem === null) continue;
        const show = 'Show Log';
        void vscode.window
          .showErrorMessage(`${step.title} failed: ${problem}`, show)
          .then((answer) => (answer === show ? log.show() : undefined));
        return false;
      }
      return true;
    },
  );

function runStep(
  { program, args }: EnvironmentStep,
  folder: string,
  log: vscode.LogOutputChannel,
  cancelled: vscode.CancellationToken,
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    let last = '';
    const take = (data: Buffer): void => {
      for (const line of data.toString().split('\n')) {
        if (line.trim() === '') continue;
        last = line.trim();
        log.info(last);
      }
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const listener = cancelled.onCancellationRequested(() => {
      // With what it has started: pip runs compilers.
      if (process.platform === 'win32' || child.pid === undefined) child.kill();
      else process.kill(-child.pid);
    });
    const end = (problem: string | null): void => {
      listener.dispose();
      resolve(problem);
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code) => end(code === 0 ? null : last || `exit code ${code}`));
  });
}

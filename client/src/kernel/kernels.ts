import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { architectureProblem, needsArch, thisMachine } from '../python/architecture.ts';
import type { InterpreterChoice } from '../python/interpreterChoice.ts';
import type { KernelLaunch } from './kernelProcess.ts';
import { KernelStartError } from './launchFailure.ts';
import { Session } from './session.ts';

/** Milliseconds after which a cell that ignores its interrupt is called stubborn. */
const patience = 5_000;

/** The kernels of open files and notebooks: one each, or one for all of a folder (smelt.kernel.sharing). */
export class Kernels implements vscode.Disposable {
  private readonly sessions = new Map<string, Promise<Session | null>>();
  private readonly running = new Map<string, Session>();
  private readonly ended = new vscode.EventEmitter<void>();
  private readonly choice: InterpreterChoice;

  private readonly runtime: string;
  private readonly log: vscode.LogOutputChannel;

  /** A kernel is gone. */
  readonly onDidEnd = this.ended.event;

  constructor(choice: InterpreterChoice, runtime: string, log: vscode.LogOutputChannel) {
    this.choice = choice;
    this.runtime = runtime;
    this.log = log;
  }

  dispose(): void {
    for (const session of this.running.values()) void session.end();
    this.ended.dispose();
  }

  /** The kernel of a document, started if need be; null when there is none, which was said already. */
  async of(uri: vscode.Uri): Promise<Session | null> {
    const key = this.keyOf(uri);
    const known = this.running.get(key);
    if (known?.isEnded === true) this.forget(key);
    let starting = this.sessions.get(key);
    if (starting === undefined) {
      starting = this.start(uri);
      this.sessions.set(key, starting);
    }
    const session = await starting;
    if (session === null) this.forget(key);
    return session;
  }

  /** What a document's kernel is known by. One that has a kernel already keeps it. */
  private keyOf(uri: vscode.Uri): string {
    const own = uri.toString();
    const sharing = vscode.workspace.getConfiguration('smelt.kernel', uri).get<string>('sharing');
    const folder = sharing === 'folder' ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
    return folder === undefined || this.sessions.has(own) ? own : folder.uri.toString();
  }

  /** The document is gone, and with it its kernel, unless others share that one. */
  async closed(uri: vscode.Uri): Promise<void> {
    if (this.keyOf(uri) === uri.toString()) await this.end(uri);
  }

  /** The kernel that runs for a document, if one does. */
  runningOf(uri: vscode.Uri): Session | undefined {
    return this.running.get(this.keyOf(uri));
  }

  get anyRunning(): boolean {
    return this.running.size > 0;
  }

  interrupt(uri: vscode.Uri): void {
    const session = this.runningOf(uri);
    if (session?.isBusy !== true) return;
    const cell = session.runningCell;
    session.interrupt();
    setTimeout(() => {
      if (cell !== null && session.runningCell === cell) void this.offerRestart(uri);
    }, patience);
  }

  /** Ends the kernel of a document; its next cell starts a new one. Results stay. */
  async end(uri: vscode.Uri): Promise<void> {
    const session = this.runningOf(uri);
    this.forget(this.keyOf(uri));
    await session?.end();
  }

  /** Ends all of them, as when another interpreter is chosen. */
  async endAll(): Promise<void> {
    const sessions = [...this.running.values()];
    this.running.clear();
    this.sessions.clear();
    await Promise.all(sessions.map((session) => session.end()));
  }

  /** How a Python process for this document is started; null when there is no interpreter. */
  async launch(uri: vscode.Uri | undefined): Promise<KernelLaunch | null> {
    const interpreter = await this.choice.current(uri);
    if (interpreter === null) {
      await this.offerInterpreters('No Python was found on this machine.', uri);
      return null;
    }
    const problem = architectureProblem(interpreter.path, interpreter.architectures, thisMachine());
    if (problem !== null) {
      void this.offerRepair(problem, uri);
      return null;
    }
    return {
      interpreter: interpreter.path,
      native: needsArch(interpreter.architectures, thisMachine()),
      runtime: this.runtime,
      folder: folderOf(uri),
      environment: environmentOf(uri),
    };
  }

  private async start(uri: vscode.Uri): Promise<Session | null> {
    const launch = await this.launch(uri);
    if (launch === null) return null;
    const key = this.keyOf(uri);
    const name = basename(key);
    this.log.info(`Kernel of ${name}: ${launch.interpreter}`);
    const isShared = key !== uri.toString();
    const session = new Session({
      ...launch,
      ...(isShared ? { folder: vscode.Uri.parse(key).fsPath } : {}),
      countsCopies: vscode.workspace
        .getConfiguration('smelt.kernel', uri)
        .get('countCopies', false),
      log: (text) => this.log.info(`Kernel of ${name}: ${text}`),
      ended: (cause) => {
        if (this.running.get(key) === session) this.forget(key);
        this.ended.fire();
        if (cause !== null) void this.sayEnded(uri, cause);
      },
    });
    this.running.set(key, session);
    try {
      const ready = await session.ready;
      this.log.info(
        `Kernel of ${name} is ready: Python ${ready.python}, ${ready.arch}, ${ready.shell}`,
      );
      return session;
    } catch (error) {
      // Restarted or closed while it started: nobody waits for it any more.
      if (this.running.get(key) !== session) return null;
      if (error instanceof KernelStartError && error.output !== '') this.log.error(error.output);
      await this.offerInterpreters(error instanceof Error ? error.message : String(error), uri);
      return null;
    }
  }

  private forget(key: string): void {
    this.running.delete(key);
    this.sessions.delete(key);
  }

  /** Not awaited by those who need a kernel: a message may stay for long. */
  private async offerInterpreters(message: string, uri: vscode.Uri | undefined): Promise<void> {
    this.log.error(message);
    const choose = 'Select Interpreter';
    const show = 'Show Log';
    void vscode.window.showErrorMessage(message, choose, show).then((answer) => {
      if (answer === choose) return this.choice.select(uri);
      if (answer === show) this.log.show();
      return undefined;
    });
  }

  /** An Intel Python is not started: it would compute, slowly, and nobody would know why. */
  private async offerRepair(problem: string, uri: vscode.Uri | undefined): Promise<void> {
    const make = 'Make arm64 Environment';
    const choose = 'Select Interpreter';
    const answer = await vscode.window.showErrorMessage(problem, make, choose);
    if (answer === make) await vscode.commands.executeCommand('smelt.makeEnvironment');
    if (answer === choose) await this.choice.select(uri);
  }

  private async offerRestart(uri: vscode.Uri): Promise<void> {
    const restart = 'Restart Kernel';
    const answer = await vscode.window.showWarningMessage(
      `${basename(uri.path)} has not reacted to the interrupt: native code may be running.`,
      restart,
    );
    if (answer === restart) await this.end(uri);
  }

  private async sayEnded(uri: vscode.Uri, cause: string): Promise<void> {
    this.log.error(`Kernel of ${basename(uri.path)}: ${cause}`);
    const restart = 'Restart Kernel';
    const show = 'Show Log';
    const answer = await vscode.window.showErrorMessage(
      `${cause} Its variables are gone; the file and the results shown are not.`,
      restart,
      show,
    );
    if (answer === restart) await this.of(uri);
    if (answer === show) this.log.show();
  }
}

function folderOf(uri: vscode.Uri | undefined): string {
  if (uri?.scheme === 'file') return dirname(uri.fsPath);
  const folder = vscode.workspace.workspaceFolders?.find((each) => each.uri.scheme === 'file');
  return folder?.uri.fsPath ?? homedir();
}

/** Variables that the settings give to kernels of a document. */
export function environmentOf(uri: vscode.Uri | undefined): Record<string, string> {
  const set = vscode.workspace
    .getConfiguration('smelt.kernel', uri ?? null)
    .get<Record<string, unknown>>('environment', {});
  return Object.fromEntries(
    Object.entries(set).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

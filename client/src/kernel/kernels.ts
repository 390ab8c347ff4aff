import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Host } from '../python/architecture.ts';
import { architectureProblem, nativeStart } from '../python/architecture.ts';
import type { InterpreterChoice } from '../python/interpreterChoice.ts';
import { KernelFolder } from './kernelFolder.ts';
import type { KernelLaunch } from './kernelLaunch.ts';
import { KernelStartError } from './launchFailure.ts';
import type { KeptKernel, Resume } from './session.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './sessionOptions.ts';

/** Milliseconds after which a cell that ignores its interrupt is called stubborn. */
const patience = 5_000;

/** The kernels of open files and notebooks: one each, or one for all of a folder (smelt.kernel.sharing). */
export class Kernels implements vscode.Disposable {
  private readonly sessions = new Map<string, Promise<Session | null>>();
  private readonly running = new Map<string, Session>();
  private readonly ended = new vscode.EventEmitter<void>();
  private readonly attached = new vscode.EventEmitter<void>();
  private readonly renamed = new vscode.EventEmitter<{ from: vscode.Uri; to: vscode.Uri }>();
  /** Kernels of an earlier window come first: a document must not get a second one. */
  private attaching: Promise<void> = Promise.resolve();
  private readonly choice: InterpreterChoice;
  private readonly host: Host;
  private readonly runtime: string;
  private readonly log: vscode.LogOutputChannel;
  private readonly folder: string | null;

  /** A kernel is gone. */
  readonly onDidEnd = this.ended.event;
  /** Kernels of an earlier window are there again. */
  readonly onDidAttach = this.attached.event;
  /** A kernel has gone with its document to another name. */
  readonly onDidMove = this.renamed.event;

  /** @param folder where kernels leave what outlives the window; null: they end with it */
  constructor(
    choice: InterpreterChoice,
    host: Host,
    runtime: string,
    log: vscode.LogOutputChannel,
    folder: string | null,
  ) {
    this.choice = choice;
    this.host = host;
    this.runtime = runtime;
    this.log = log;
    this.folder = folder;
  }

  /** The window goes: kernels that can outlive it are left to the next. */
  dispose(): void {
    for (const session of this.running.values()) session.leave();
    this.ended.dispose();
    this.attached.dispose();
    this.renamed.dispose();
  }

  /**
   * Takes over the kernels that an earlier window of this workspace has left. Trusted workspaces only.
   *
   * @param restore brings back what that window showed, before anything new is heard; what it returns is
   *   called when the session goes on
   */
  attach(restore: (folder: KernelFolder) => () => void, resume: Resume): Promise<void> {
    this.attaching = new Promise((resolve) => setImmediate(resolve)).then(() => {
      for (const folder of this.folder === null ? [] : KernelFolder.all(this.folder)) {
        try {
          this.attachTo(folder, restore, resume);
        } catch (error) {
          this.log.error(`A kernel of an earlier window is left alone: ${error}`);
        }
      }
      this.attached.fire();
    });
    return this.attaching;
  }

  private attachTo(
    folder: KernelFolder,
    restore: (folder: KernelFolder) => () => void,
    resume: Resume,
  ): void {
    const record = folder.livingKernel();
    if (!folder.claim()) return;
    if (record === null || this.sessions.has(record.key)) {
      // Its kernel died while nobody watched, or has been replaced, and then ends by itself.
      folder.remove();
      return;
    }
    const { key, interpreter, countsCopies } = record;
    this.log.info(
      `Kernel of ${basename(key)} is here again: ${interpreter}, process ${record.pid}`,
    );
    const restored = restore(folder);
    const uri = vscode.Uri.parse(key);
    const launch = {
      interpreter,
      runtime: this.runtime,
      folder: folderOf(uri),
      environment: {},
      countsCopies,
    };
    const session = this.open(key, uri, launch, { folder, record, resume });
    this.sessions.set(key, Promise.resolve(session));
    restored();
  }

  /** The kernel of a document, started if need be; null when there is none, which was said already. */
  async of(uri: vscode.Uri): Promise<Session | null> {
    await this.attaching;
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

  /** A document has another name: its kernel goes with it, and that of a file which it replaces is gone. */
  moved(from: vscode.Uri, to: vscode.Uri): void {
    if (!this.sessions.has(from.toString())) return;
    const replaced = this.running.get(to.toString());
    this.forget(to.toString());
    void replaced?.end();
    for (const kernels of [this.running, this.sessions] as Map<string, unknown>[]) {
      const own = kernels.get(from.toString());
      if (own === undefined) continue;
      kernels.delete(from.toString());
      kernels.set(to.toString(), own);
    }
    this.running.get(to.toString())?.folder?.rename(to.toString());
    this.renamed.fire({ from, to });
  }

  /** The kernel that runs for a document, if one does. */
  runningOf(uri: vscode.Uri): Session | undefined {
    return this.running.get(this.keyOf(uri));
  }

  /** What has a kernel of its own. */
  get uris(): string[] {
    return [...this.sessions.keys()];
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
    const problem = architectureProblem(interpreter, this.host.machine);
    if (problem !== null) {
      void this.offerRepair(problem, uri);
      return null;
    }
    return {
      interpreter: interpreter.path,
      start: nativeStart(interpreter, this.host.machine),
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
    const settings = vscode.workspace.getConfiguration('smelt.kernel', uri);
    const outlives = this.folder !== null && settings.get('outliveWindow', true);
    const session = this.open(key, uri, {
      ...launch,
      ...(isShared ? { folder: vscode.Uri.parse(key).fsPath } : {}),
      ...(outlives ? { keep: { folder: this.folder, key } } : {}),
      countsCopies: settings.get('countCopies', false),
    });
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

  private open(
    key: string,
    uri: vscode.Uri,
    launch: Omit<SessionOptions, 'log' | 'ended'>,
    kept?: KeptKernel,
  ): Session {
    const name = basename(key);
    const session = new Session(
      {
        ...launch,
        log: (text) => this.log.info(`Kernel of ${name}: ${text}`),
        ended: (cause) => {
          // Its document may have another name by now.
          for (const [name, each] of this.running) if (each === session) this.forget(name);
          this.ended.fire();
          if (cause !== null) void this.sayEnded(uri, cause);
        },
      },
      kept,
    );
    this.running.set(key, session);
    return session;
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

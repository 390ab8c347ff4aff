import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Diagnostic, InitializeResult, InlayHint } from 'vscode-languageserver-protocol';
import type { ProtocolConnection } from 'vscode-languageserver-protocol/node';
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

const bundle = join(import.meta.dirname, '../../dist/server.js');

export interface ServerOptions {
  readonly transport?: 'stdio' | 'ipc';
  /** Another program that speaks over stdio. */
  readonly program?: readonly string[];
  /** Another Node than the one of the tests, over stdio. */
  readonly node?: string;
  /** Does this client ask for diagnostics, or wait for them? */
  readonly pulls?: boolean;
  /** Answers workspace/configuration for the section "smelt". */
  readonly settings?: unknown;
}

/** The built server in a process of its own, and a client that speaks to it. */
export class ServerProcess {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly log: string[] = [];
  settings: unknown;
  initialized!: InitializeResult;
  private hintsRefreshed = 0;
  private readonly published = new Map<
    string,
    { diagnostics: Diagnostic[]; version?: number | undefined }
  >();
  private readonly waiting: (() => void)[] = [];
  private readonly refreshing: (() => void)[] = [];

  private constructor(options: ServerOptions) {
    this.settings = options.settings;
    if (options.transport === 'ipc') {
      this.process = fork(bundle, ['--node-ipc'], { silent: true });
      this.connection = createProtocolConnection(
        new IPCMessageReader(this.process),
        new IPCMessageWriter(this.process),
      );
    } else {
      this.process = spawn(options.node ?? process.execPath, [
        ...(options.program ?? [bundle, '--stdio']),
      ]);
      const { stdout, stdin } = this.process;
      if (stdout === null || stdin === null) throw new Error('no pipes');
      this.connection = createProtocolConnection(
        new StreamMessageReader(stdout),
        new StreamMessageWriter(stdin),
      );
    }
    this.connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings ?? null),
    );
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      for (const asked of this.refreshing.splice(0)) asked();
      return null;
    });
    this.connection.onRequest('workspace/inlayHint/refresh', () => {
      this.hintsRefreshed += 1;
      for (const wake of this.waiting.splice(0)) wake();
      return null;
    });
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.log.push(message);
    });
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      ({
        uri,
        diagnostics,
        version,
      }: {
        uri: string;
        diagnostics: Diagnostic[];
        version?: number;
      }) => {
        this.published.set(uri, { diagnostics, version });
        for (const wake of this.waiting.splice(0)) wake();
      },
    );
    this.connection.listen();
  }

  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    server.initialized = await server.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: {
          configuration: true,
          didChangeConfiguration: { dynamicRegistration: true },
          didChangeWatchedFiles: { dynamicRegistration: true },
          diagnostics: { refreshSupport: true },
          inlayHint: { refreshSupport: true },
        },
        textDocument: {
          publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
          ...(options.pulls === true ? { diagnostic: {} } : {}),
        },
      },
    });
    await server.connection.sendNotification('initialized', {});
    return server;
  }

  async open(uri: string, text: string, languageId = 'python'): Promise<void> {
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  /** Replaces the whole text. */
  async change(uri: string, version: number, text: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }

  /** What the server has published for a version of a document, as soon as it has. */
  async diagnostics(uri: string, version = 1): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.published.get(uri);
      if (found !== undefined && (found.version ?? version) >= version) return found.diagnostics;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  /** What the server has published for a document, as soon as it is as wanted. */
  async diagnosticsWhen(
    uri: string,
    wanted: (diagnostics: readonly Diagnostic[]) => boolean,
  ): Promise<Diagnostic[]> {
    for (;;) {
      const found = this.published.get(uri)?.diagnostics;
      if (found !== undefined && wanted(found)) return found;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  /** The next time that the server asks its client to pull again. */
  nextRefresh(): Promise<void> {
    return new Promise((asked) => this.refreshing.push(asked));
  }

  async inlayHints(uri: string): Promise<InlayHint[]> {
    const range = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
    return this.connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range });
  }

  /** Waits until the server has asked for new hints, `times` in all. */
  async hintRefreshes(times: number): Promise<void> {
    while (this.hintsRefreshed < times) await new Promise<void>((wake) => this.waiting.push(wake));
  }

  async pull(uri: string): Promise<Diagnostic[]> {
    const report = await this.connection.sendRequest<{ items: Diagnostic[] }>(
      'textDocument/diagnostic',
      {
        textDocument: { uri },
      },
    );
    return report.items;
  }

  /** Says goodbye as the protocol wants it; the exit code of the server. */
  async stop(): Promise<number | null> {
    const exit = new Promise<number | null>((resolve) => this.process.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await exit;
    this.connection.dispose();
    return code;
  }
}

export const codesOf = (diagnostics: readonly Diagnostic[]): unknown[] =>
  diagnostics.map(({ code }) => code).sort();

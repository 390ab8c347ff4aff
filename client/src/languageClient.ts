import type * as vscode from 'vscode';
import {
  CodeAction,
  CodeActionKind,
  CodeActionRequest,
  LanguageClient,
  TransportKind,
} from 'vscode-languageclient/node';
import type {
  InstalledEnvironment,
  InterpretersParams,
} from '../../server/src/protocol/messages.ts';
import {
  environmentsMethod,
  interpretersMethod,
  rulePageMethod,
} from '../../server/src/protocol/messages.ts';
import { settingsFilePatterns } from '../../server/src/protocol/settingsFiles.ts';
import { serverStatus } from './views/serverStatus.ts';

export interface SmeltLanguageClient {
  /** The Markdown page of a rule by code or name; null for an unknown one. */
  rulePage(rule: string): Promise<string | null>;
  interpreters(params: InterpretersParams): Promise<void>;
  /** What is installed for each interpreter, in their order. */
  environments(interpreters: readonly string[]): Promise<readonly InstalledEnvironment[]>;
  /** Quick fixes, with the findings that they are for. */
  quickFixes(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]>;
  restart(): Promise<void>;
}

/** Starts the language server in a process of its own. */
export async function startLanguageClient(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Promise<SmeltLanguageClient> {
  const module = context.asAbsolutePath('dist/server.js');
  const client = new LanguageClient(
    'smelt',
    'Smelt',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc },
    },
    {
      documentSelector: [
        { language: 'python' },
        { notebook: 'jupyter-notebook', language: 'python' },
        // Where environment variables are set: they are checked and completed there.
        { language: 'dotenv' },
        { language: 'shellscript' },
        { language: 'dockerfile' },
        ...settingsFilePatterns.map((pattern) => ({ pattern })),
      ],
      outputChannel: log,
      diagnosticCollectionName: 'smelt',
    },
  );
  context.subscriptions.push(
    { dispose: () => void client.stop() },
    serverStatus(client, { language: 'python' }),
  );
  await client.start();
  return {
    rulePage: (rule) => client.sendRequest<string | null>(rulePageMethod, { rule }),
    interpreters: (params) => client.sendNotification(interpretersMethod, params),
    quickFixes: async (document, range) => {
      const { code2ProtocolConverter: to, protocol2CodeConverter: from } = client;
      const answer = await client.sendRequest(CodeActionRequest.type, {
        textDocument: to.asTextDocumentIdentifier(document),
        range: to.asRange(range),
        context: { diagnostics: [], only: [CodeActionKind.QuickFix] },
      });
      const actions = (answer ?? []).filter((action) => CodeAction.is(action));
      return Promise.all(actions.map((action) => from.asCodeAction(action)));
    },
    restart: () => client.restart(),
    environments: (interpreters) => client.sendRequest(environmentsMethod, { interpreters }),
  };
}

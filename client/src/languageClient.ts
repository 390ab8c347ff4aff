import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { rulePageMethod } from '../../server/src/protocol/messages.ts';

/** The language server in a process of its own. */
export function createLanguageClient(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): LanguageClient {
  const module = context.asAbsolutePath('dist/server.js');
  return new LanguageClient(
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
      ],
      outputChannel: log,
      diagnosticCollectionName: 'smelt',
    },
  );
}

/** The Markdown page of a rule by code or name; null for an unknown one. */
export const requestRulePage = (client: LanguageClient, rule: string): Promise<string | null> =>
  client.sendRequest<string | null>(rulePageMethod, { rule });

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { State } from 'vscode-languageclient/node';

/** Beside the language in the status bar: whether the language server runs, and the way to start it again. */
export function serverStatus(
  client: LanguageClient,
  selector: vscode.DocumentSelector,
): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('smelt.server', selector);
  item.name = 'Smelt Language Server';
  const show = (state: State): void => {
    const isUp = state === State.Running || state === State.Starting;
    item.busy = state === State.Starting;
    item.text = texts[state];
    item.severity = isUp
      ? vscode.LanguageStatusSeverity.Information
      : vscode.LanguageStatusSeverity.Error;
    item.command = isUp
      ? { title: 'Show Log', command: 'smelt.showLog' }
      : { title: 'Start Again', command: 'smelt.restartServer' };
  };
  show(client.state);
  return vscode.Disposable.from(
    item,
    client.onDidChangeState(({ newState }) => show(newState)),
  );
}

const texts: Readonly<Record<State, string>> = {
  [State.Starting]: 'Smelt starts',
  [State.Running]: 'Smelt finds and explains',
  [State.Stopped]: 'Smelt has stopped: there are no findings',
  [State.StartFailed]: 'Smelt did not start: there are no findings',
};

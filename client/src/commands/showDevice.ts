import * as vscode from 'vscode';
import type { DeviceState } from '../python/deviceState.ts';
import { deviceRows } from '../views/deviceText.ts';

/** Everything that is known of the device, as a list that can be read, searched and copied. */
export const showDevice = (device: DeviceState) => async (): Promise<void> => {
  const { label, verdict, probe } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Reading the device' },
    () => device.of(vscode.window.activeTextEditor?.document.uri),
  );
  const rows = probe === null ? [] : deviceRows(probe);
  const select = { label: '$(settings-gear) Select Interpreter…', action: 'select' };
  const copy = { label: '$(copy) Copy all', action: 'copy' };
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { action?: string }>(
    [
      { label, description: verdict },
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      ...rows.map(([name, value]) => ({ label: name, description: value })),
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      ...(rows.length === 0 ? [] : [copy]),
      select,
    ],
    { title: 'Smelt: Device', placeHolder: verdict, matchOnDescription: true },
  );
  if (picked === undefined) return;
  if (picked.action === 'select') await vscode.commands.executeCommand('smelt.selectInterpreter');
  else if (picked.action === 'copy') {
    await vscode.env.clipboard.writeText(
      rows.map(([name, value]) => `${name}: ${value}`).join('\n'),
    );
  } else await vscode.env.clipboard.writeText(picked.description ?? picked.label);
};

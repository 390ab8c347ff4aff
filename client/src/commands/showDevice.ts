import * as vscode from 'vscode';
import type { DeviceState } from '../python/deviceState.ts';
import { deviceRows } from '../views/deviceText.ts';

interface DeviceItem extends vscode.QuickPickItem {
  /** Absent: Enter copies the row. */
  readonly command?: string;
}

const separator: DeviceItem = { label: '', kind: vscode.QuickPickItemKind.Separator };
const select: DeviceItem = {
  label: '$(settings-gear) Select Interpreter…',
  command: 'smelt.selectInterpreter',
};
const make: DeviceItem = {
  label: '$(add) Make Environment for This Folder',
  command: 'smelt.makeEnvironment',
};
const copyLabel = '$(copy) Copy all';

/** Everything that is known of the device, as a list that can be read, searched and copied. */
export const showDevice = (device: DeviceState) => async (): Promise<void> => {
  const { label, warning, verdict, probe } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Reading the device' },
    () => device.of(vscode.window.activeTextEditor?.document.uri),
  );
  const rows = probe === null ? [] : deviceRows(probe);
  // A row shows one line of text: the cause goes beside the label, the remedy below it.
  const [cause = '', remedy] = verdict.split(/: (.*)/s);
  const picked = await vscode.window.showQuickPick<DeviceItem>(
    [
      {
        label,
        description: cause,
        ...(remedy === undefined ? {} : { detail: capitalized(remedy) }),
      },
      separator,
      ...rows.map(([name, value]) => ({ label: name, description: value })),
      separator,
      ...(rows.length === 0 ? [] : [{ label: copyLabel }]),
      ...(warning ? [make] : []),
      select,
    ],
    { title: 'Smelt: Device', placeHolder: 'Enter copies a row', matchOnDescription: true },
  );
  if (picked === undefined) return;
  if (picked.command !== undefined) await vscode.commands.executeCommand(picked.command);
  else await vscode.env.clipboard.writeText(textOf(picked));

  function textOf({ label: name, description }: DeviceItem): string {
    if (name === label) return verdict;
    if (name === copyLabel) return rows.map((row) => row.join(': ')).join('\n');
    return description ?? name;
  }
};

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

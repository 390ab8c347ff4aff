import * as vscode from 'vscode';

interface Place {
  readonly line: number;
  readonly character: number;
}

interface Location {
  readonly range: { readonly start: Place; readonly end: Place };
}

const position = ({ line, character }: Place): vscode.Position =>
  new vscode.Position(line, character);

/** Peeks at the lines that a timed window is about; the language server's lens names them. */
export async function showTimedWindow(
  document: string,
  at: Place,
  locations: readonly Location[],
): Promise<void> {
  const uri = vscode.Uri.parse(document, true);
  await vscode.commands.executeCommand(
    'editor.action.peekLocations',
    uri,
    position(at),
    locations.map(
      ({ range }) =>
        new vscode.Location(uri, new vscode.Range(position(range.start), position(range.end))),
    ),
    'peek',
  );
}

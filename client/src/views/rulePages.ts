import * as vscode from 'vscode';

const scheme = 'smelt-rule';

/** Rule pages as read-only Markdown, shown by VS Code's own preview. */
export class RulePages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(
    scheme,
    this,
  );
  private readonly read: (rule: string) => Promise<string | null>;

  constructor(read: (rule: string) => Promise<string | null>) {
    this.read = read;
  }

  dispose(): void {
    this.registration.dispose();
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/\.md$/, '');
    return (await this.read(rule)) ?? `Smelt has no rule ${rule}.`;
  }

  async show(rule: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `${rule}.md` });
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
  }
}

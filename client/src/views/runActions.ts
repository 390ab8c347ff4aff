import * as vscode from 'vscode';
import { runSource } from './runDiagnostics.ts';

/** For an error that Smelt knows: the quick fix of the rule that finds its cause, and the rule's page. */
export class RunActions implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly registration = vscode.languages.registerCodeActionsProvider(
    { language: 'python' },
    this,
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );

  dispose(): void {
    this.registration.dispose();
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const known = context.diagnostics.find(
      ({ source, code }) => source === runSource && typeof code === 'string',
    );
    if (known === undefined) return [];
    const rule = known.code as string;
    const explain = new vscode.CodeAction(`Explain ${rule}`, vscode.CodeActionKind.QuickFix);
    explain.command = { command: 'smelt.showRule', title: explain.title, arguments: [rule] };
    explain.diagnostics = [known];
    return [...(await fixesOf(document, rule, range)), explain];
  }
}

/** The fixes of the rule's findings in this document; those at the range itself are offered already. */
async function fixesOf(
  document: vscode.TextDocument,
  rule: string,
  range: vscode.Range,
): Promise<vscode.CodeAction[]> {
  const findings = vscode.languages
    .getDiagnostics(document.uri)
    .filter((each) => codeOf(each) === rule && each.range.intersection(range) === undefined);
  const actions = await Promise.all(
    findings.map((finding) =>
      vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        finding.range,
        vscode.CodeActionKind.QuickFix.value,
      ),
    ),
  );
  return actions
    .flat()
    .filter(
      ({ edit, diagnostics }) =>
        edit !== undefined && diagnostics?.some((each) => codeOf(each) === rule) === true,
    );
}

/** The rule of a finding; what running has shown is no finding. */
function codeOf({ source, code }: vscode.Diagnostic): string | undefined {
  if (source !== 'smelt') return undefined;
  return typeof code === 'object' ? String(code.value) : String(code);
}

import * as vscode from 'vscode';
import { runSource } from './runDiagnostics.ts';

/** For an error that Smelt knows: the quick fix of the rule that finds its cause, and the rule's page. */
export class RunActions implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly quickFixes: QuickFixes;
  private readonly registration = vscode.languages.registerCodeActionsProvider(
    { language: 'python' },
    this,
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );

  constructor(quickFixes: QuickFixes) {
    this.quickFixes = quickFixes;
  }

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
    return [...(await this.fixesOf(document, rule, range)), explain];
  }

  /** The fixes of the rule's findings in this document; those at the range itself are offered already. */
  private async fixesOf(
    document: vscode.TextDocument,
    rule: string,
    range: vscode.Range,
  ): Promise<vscode.CodeAction[]> {
    const findings = vscode.languages
      .getDiagnostics(document.uri)
      .filter((each) => codeOf(each) === rule && each.range.intersection(range) === undefined);
    const actions = await Promise.all(
      findings.map((finding) => this.quickFixes(document, finding.range)),
    );
    return actions
      .flat()
      .filter(
        ({ title, edit, diagnostics }) =>
          edit !== undefined &&
          !title.startsWith('Ignore ') &&
          diagnostics?.some((each) => codeOf(each) === rule) === true,
      );
  }
}

/** What the language server would do about findings at a range; each fix names those that it is for. */
type QuickFixes = (
  document: vscode.TextDocument,
  range: vscode.Range,
) => Promise<readonly vscode.CodeAction[]>;

/** The rule of a finding; what running has shown is no finding. */
function codeOf({ source, code }: vscode.Diagnostic): string | undefined {
  if (source !== 'smelt') return undefined;
  return typeof code === 'object' ? String(code.value) : String(code);
}

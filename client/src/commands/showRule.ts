import * as vscode from 'vscode';
import type { RulePages } from '../views/rulePages.ts';

export interface RuleItem {
  /** Code of the rule. */
  readonly label: string;
  readonly description: string;
}

/** The rules, as the generated setting `smelt.lint.select` lists them. */
export function rulesOf(manifest: unknown): RuleItem[] {
  const { contributes } = manifest as {
    contributes: {
      configuration: {
        properties: Record<string, { items?: { enum: string[]; enumDescriptions: string[] } }>;
      };
    };
  };
  const items = contributes.configuration.properties['smelt.lint.select']?.items;
  return (items?.enum ?? []).flatMap((label, i) =>
    /^[A-Z]{3}\d{3}$/.test(label) ? [{ label, description: items?.enumDescriptions[i] ?? '' }] : [],
  );
}

/** Shows the page of a rule; from the palette it asks which. */
export const showRule =
  (pages: RulePages, rules: readonly RuleItem[]) =>
  async (rule?: string): Promise<void> => {
    const wanted = typeof rule === 'string' ? rule : await askForRule(rules);
    if (wanted !== undefined) await pages.show(wanted);
  };

async function askForRule(rules: readonly RuleItem[]): Promise<string | undefined> {
  const picked = await vscode.window.showQuickPick(rules, {
    title: 'Smelt: Explain Rule',
    matchOnDescription: true,
  });
  return picked?.label;
}

import * as vscode from 'vscode';
import { hasPage, screenshot } from './page.ts';

const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
} as const;

/** Takes a picture in light, dark and high-contrast colours; `prepare` brings up what is seen. */
export async function inEveryTheme(name: string, prepare?: () => Promise<void>): Promise<void> {
  if (!hasPage()) return;
  for (const [kind, theme] of Object.entries(themes)) {
    await wear(theme);
    await prepare?.();
    await screenshot(`${name}-${kind}`);
  }
  await wear(undefined);
}

/** Changes the colours of the window; undefined: as they were. */
async function wear(theme: string | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration('workbench')
    .update('colorTheme', theme, vscode.ConfigurationTarget.Global);
}

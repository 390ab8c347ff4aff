import * as vscode from 'vscode';
import { ask, hasPage, screenshot } from './page.ts';

/** Name of each theme, and the class of a window that wears it. */
const themes = {
  light: { name: 'Default Light Modern', shown: 'vs' },
  dark: { name: 'Default Dark Modern', shown: 'vs-dark' },
  'high-contrast': { name: 'Default High Contrast', shown: 'hc-black' },
} as const;

/** Takes a picture in light, dark and high-contrast colours; `prepare` brings up what is seen. */
export async function inEveryTheme(name: string, prepare?: () => Promise<void>): Promise<void> {
  if (!hasPage()) return;
  for (const [kind, { name: theme, shown }] of Object.entries(themes)) {
    await wear(theme);
    await ask({ ask: 'waitForTheme', shown });
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

import * as vscode from 'vscode';
import { ask, hasPage, screenshot } from './page.ts';

/** Name of each theme, and the class of a window that wears it. */
const themes = {
  light: { name: 'Default Light Modern', shown: 'vs' },
  dark: { name: 'Default Dark Modern', shown: 'vs-dark' },
  'high-contrast': { name: 'Default High Contrast', shown: 'hc-black' },
} as const;

/** The class of a window, by the kind of its theme. */
const classOf = {
  [vscode.ColorThemeKind.Light]: 'vs',
  [vscode.ColorThemeKind.Dark]: 'vs-dark',
  [vscode.ColorThemeKind.HighContrast]: 'hc-black',
  [vscode.ColorThemeKind.HighContrastLight]: 'hc-light',
} as const;

/** Takes a picture in light, dark and high-contrast colours; `prepare` brings up what is seen, which may have closed when this ends. */
export async function inEveryTheme(name: string, prepare?: () => Promise<void>): Promise<void> {
  if (!hasPage()) return;
  const before = classOf[vscode.window.activeColorTheme.kind];
  for (const [kind, { name: theme, shown }] of Object.entries(themes)) {
    await wear(theme);
    await ask({ ask: 'waitForTheme', shown });
    await prepare?.();
    await screenshot(`${name}-${kind}`);
  }
  await wear(undefined);
  // A theme that comes later could close what the test opens next.
  await ask({ ask: 'waitForTheme', shown: before });
}

/** Changes the colours of the window; undefined: as they were. */
async function wear(theme: string | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration('workbench')
    .update('colorTheme', theme, vscode.ConfigurationTarget.Global);
}

import * as vscode from 'vscode';
import { ask, hasPage, screenshot } from './page.ts';

/**
 * Name of each theme, its file, and what webviews call its kind. Of two light themes only the file tells which one a
 * window wears.
 */
const themes = {
  light: { name: 'Light Modern', file: 'light_modern', kind: 'vscode-light' },
  dark: { name: 'Dark Modern', file: 'dark_modern', kind: 'vscode-dark' },
  'high-contrast': {
    name: 'Default High Contrast',
    file: 'hc_black',
    kind: 'vscode-high-contrast',
  },
} as const;

/** The class of a window, and what webviews call it, by the kind of its theme. */
const kinds = {
  [vscode.ColorThemeKind.Light]: { shown: 'vs', kind: 'vscode-light' },
  [vscode.ColorThemeKind.Dark]: { shown: 'vs-dark', kind: 'vscode-dark' },
  [vscode.ColorThemeKind.HighContrast]: { shown: 'hc-black', kind: 'vscode-high-contrast' },
  [vscode.ColorThemeKind.HighContrastLight]: {
    shown: 'hc-light',
    kind: 'vscode-high-contrast-light',
  },
} as const;

/** Takes a picture in light, dark and high-contrast colours; `prepare` brings up what is seen, which may have closed when this ends. */
export async function inEveryTheme(name: string, prepare?: () => Promise<void>): Promise<void> {
  if (!hasPage()) return;
  const before = kinds[vscode.window.activeColorTheme.kind];
  for (const [short, { name: theme, file, kind }] of Object.entries(themes)) {
    await wear(theme);
    await ask({ ask: 'waitForTheme', shown: `vscode-theme-defaults-themes-${file}-json`, kind });
    await prepare?.();
    await screenshot(`${name}-${short}`);
  }
  await wear(undefined);
  // A theme that comes later could close what the test opens next.
  await ask({ ask: 'waitForTheme', ...before });
}

/** Changes the colours of the window; undefined: as they were. */
async function wear(theme: string | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration('workbench')
    .update('colorTheme', theme, vscode.ConfigurationTarget.Global);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One command as the client declares it (client/src/commands/contribution.ts). */
export interface CommandData {
  readonly id: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
  /** When the command palette offers it. */
  readonly when?: string;
  readonly keybinding?: { readonly key: string; readonly mac?: string; readonly when?: string };
}

/** A setting as VS Code's `contributes.configuration.properties` takes it. */
export type SettingData = Readonly<Record<string, unknown>> & {
  readonly markdownDescription?: string;
};

export interface ColorData {
  readonly id: string;
  readonly description: string;
  readonly defaults: Readonly<Record<string, string>>;
}

/** A view in Smelt's container of the panel. */
export interface ViewData {
  readonly id: string;
  readonly name: string;
  readonly type?: string;
  readonly icon: string;
  readonly when?: string;
}

export interface ClientData {
  readonly commands: readonly CommandData[];
  /** Full name (`smelt.lint.enable`) to schema. */
  readonly settings: Readonly<Record<string, SettingData>>;
  readonly colors: readonly ColorData[];
  readonly views: readonly ViewData[];
  readonly viewsWelcome: readonly object[];
  readonly viewItemMenus: readonly object[];
  readonly notebookRenderers: readonly object[];
}

const viewModule = 'views/contributions.ts';

/** What the client contributes, read from its data modules, which import nothing of `vscode`. */
export async function readClientData(root: string): Promise<ClientData> {
  return {
    commands: await exported<readonly CommandData[]>(
      root,
      'commands/contributions.ts',
      'contributions',
      [],
    ),
    settings: await exported<ClientData['settings']>(root, 'settings.ts', 'settings', {}),
    colors: await exported<readonly ColorData[]>(root, 'colors.ts', 'colors', []),
    views: await exported<readonly ViewData[]>(root, viewModule, 'views', []),
    viewsWelcome: await exported<readonly object[]>(root, viewModule, 'viewsWelcome', []),
    viewItemMenus: await exported<readonly object[]>(root, viewModule, 'viewItemMenus', []),
    notebookRenderers: await exported<readonly object[]>(root, viewModule, 'notebookRenderers', []),
  };
}

async function exported<T>(root: string, file: string, name: string, none: T): Promise<T> {
  const path = join(root, 'client/src', file);
  if (!existsSync(path)) return none;
  const module = (await import(pathToFileURL(path).href)) as Record<string, T>;
  const value = module[name];
  if (value === undefined) throw new Error(`client/src/${file} has no export "${name}".`);
  return value;
}

import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Connection, FileSystemWatcher } from 'vscode-languageserver';
import { DidChangeWatchedFilesNotification } from 'vscode-languageserver';
import { PythonEnvironments } from '../files/pythonEnvironments.ts';
import type {
  FolderInterpreter,
  InstalledEnvironment,
  InterpretersParams,
} from '../protocol/messages.ts';
import type { Environment } from '../semantics/target.ts';
import { unknownEnvironment } from '../semantics/target.ts';

/** Which environment each open document runs in, by what the client says and what is on disk. */
export class DocumentEnvironments {
  private readonly environments = new PythonEnvironments();
  private readonly onNewPackages: (folders: readonly string[]) => void;
  private readonly known = new Set<string>();
  private interpreters: readonly FolderInterpreter[] = [];
  private folders: readonly string[] = [];

  /** @param onNewPackages is told folders of packages that findings depend on from now on */
  constructor(onNewPackages: (folders: readonly string[]) => void) {
    this.onNewPackages = onNewPackages;
  }

  /** Folders of the workspace, as URIs: untitled documents run in the first. */
  setFolders(folders: readonly string[]): void {
    this.folders = folders;
  }

  setInterpreters({ interpreters }: InterpretersParams): void {
    this.interpreters = interpreters;
    this.environments.forget();
  }

  /** Environments may have been made or removed. */
  forget(): void {
    this.environments.forget();
  }

  /** The same object for as long as nothing changes. */
  of(uri: string): Environment {
    const folder = folderOf(uri) ?? folderOf(`${this.folders[0] ?? ''}/x`);
    if (folder === null) return unknownEnvironment;
    const interpreter = this.interpreterOf(uri);
    const path = interpreter?.path ?? null;
    const environment = this.environments.of(
      folder,
      interpreter?.chosen === true ? path : null,
      path,
    );
    const fresh = this.environments.sitePackages.filter((each) => !this.known.has(each));
    for (const each of fresh) this.known.add(each);
    if (fresh.length > 0) this.onNewPackages(fresh);
    return environment;
  }

  /** What is installed for an interpreter, wherever it lies. */
  installedFor(interpreter: string): InstalledEnvironment {
    const { python, versions } = this.environments.of(dirname(interpreter), interpreter);
    return { python: python ?? null, versions };
  }

  /** What the client says for the innermost folder around the document. */
  private interpreterOf(uri: string): FolderInterpreter | undefined {
    return this.interpreters
      .filter(({ folder }) => folder === '' || uri.startsWith(`${folder.replace(/\/$/, '')}/`))
      .sort((a, b) => b.folder.length - a.folder.length)[0];
  }
}

/** Cells of a notebook have the path of their notebook, and a scheme of their own. */
function folderOf(uri: string): string | null {
  const file = uri.replace(/^vscode-notebook-cell:/, 'file:').replace(/[?#].*$/, '');
  if (!file.startsWith('file:')) return null;
  try {
    return dirname(fileURLToPath(file));
  } catch {
    return null;
  }
}

/** Environments that are made while the editor is open. */
export const newEnvironments: readonly FileSystemWatcher[] = [{ globPattern: '**/pyvenv.cfg' }];

/** pip makes and removes dist-info folders, in the workspace or elsewhere. */
export const packagesIn = (folders: readonly string[]): FileSystemWatcher[] =>
  folders.map((folder) => ({
    globPattern: { baseUri: pathToFileURL(folder).href, pattern: '*.dist-info' },
  }));

export async function watch(
  connection: Connection,
  watchers: readonly FileSystemWatcher[],
): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [...watchers],
  });
}

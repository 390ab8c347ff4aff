import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Connection, Diagnostic } from 'vscode-languageserver';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { FileSettings } from '../files/configuration.ts';
import { Configuration } from '../files/configuration.ts';
import type { SettingsProblem } from '../files/settingsFile.ts';
import { readSettingsFile, settingsFileNames } from '../files/settingsFile.ts';
import type { ServerSettings } from '../protocol/messages.ts';

/** Settings files, for the client to watch. */
export const settingsFiles = { globPattern: `**/{${settingsFileNames.join(',')}}` };

export const isSettingsFile = (uri: string): boolean =>
  settingsFileNames.some((name) => uri.endsWith(`/${name}`));

/** What counts for each open document: the nearest settings file, and what the editor says over it. */
export class DocumentSettings {
  private readonly connection: Connection;
  private configuration = new Configuration();
  private lint: ServerSettings['lint'] | null = null;
  /** Settings files that have diagnostics. */
  private readonly complained = new Set<string>();

  constructor(connection: Connection) {
    this.connection = connection;
  }

  setEditor(lint: ServerSettings['lint']): void {
    this.lint = lint;
    this.forget();
  }

  /** Reads settings files anew when they are next needed. */
  forget(): void {
    const { select = [], ignore = [], configuration = '' } = this.lint ?? {};
    const overrides = [{ root: resolve('.'), values: { select, ignore } }];
    const file = configuration === '' ? {} : { file: readSettingsFile(resolve(configuration)) };
    this.configuration = new Configuration({ ...file, overrides });
  }

  of(uri: string): FileSettings {
    return this.configuration.settingsFor(pathOf(uri));
  }

  /** Does the document's settings file leave it out? */
  excludes(uri: string): boolean {
    return uri.startsWith('file:') && this.configuration.fileExcludes(pathOf(uri));
  }

  /** Shows what is wrong in the settings files that were read, in them. */
  publishProblems(): void {
    const byUri = new Map<string, Diagnostic[]>([...this.complained].map((uri) => [uri, []]));
    for (const problem of this.configuration.problems()) {
      const uri = pathToFileURL(problem.path).href;
      byUri.set(uri, [...(byUri.get(uri) ?? []), diagnosticOf(problem)]);
    }
    for (const [uri, diagnostics] of byUri) {
      void this.connection.sendDiagnostics({ uri, diagnostics });
      if (diagnostics.length > 0) this.complained.add(uri);
      else this.complained.delete(uri);
    }
  }
}

/** Documents that are in no folder have the settings of the current one. */
function pathOf(uri: string): string {
  const file = uri.replace(/^vscode-notebook-cell:/, 'file:').replace(/#.*$/, '');
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : resolve('untitled.py');
  } catch {
    return resolve('untitled.py');
  }
}

function diagnosticOf({ line, column, message }: SettingsProblem): Diagnostic {
  const at = { line: (line ?? 1) - 1, character: (column ?? 1) - 1 };
  return {
    range: { start: at, end: { ...at, character: at.character + 1 } },
    severity: DiagnosticSeverity.Error,
    source: 'smelt',
    message,
  };
}

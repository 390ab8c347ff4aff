import type { Connection, InitializeParams, InitializeResult } from 'vscode-languageserver';
import {
  CodeActionKind,
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  NotebookDocuments,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { rules } from '../engine/registry.gen.ts';
import { selectRules } from '../engine/selectRules.ts';
import type {
  EnvironmentsParams,
  InterpretersParams,
  RulePageParams,
} from '../protocol/messages.ts';
import {
  defaultServerSettings,
  environmentsMethod,
  interpretersMethod,
  rulePageMethod,
} from '../protocol/messages.ts';
import { codeActionsOf, fixAllKind } from './codeActions.ts';
import { codeLensesOf } from './codeLens.ts';
import { completionsAt, triggerCharacters } from './completion.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { DocumentSettings, isSettingsFile, settingsFiles } from './documentSettings.ts';
import { analyseProgram } from './documents.ts';
import { DocumentEnvironments, newEnvironments, packagesIn, watch } from './environments.ts';
import { hoverAt } from './hover.ts';
import { IdleCollection } from './idleCollection.ts';
import { inlayHintsOf } from './inlayHints.ts';
import { rulePage } from './rulePage.ts';
import { readSettings } from './settings.ts';
import { Workspace } from './workspace.ts';

/** Wires the connection: every request is answered, whatever goes wrong inside. */
export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const notebooks = new NotebookDocuments(TextDocument);
  let settings = defaultServerSettings;
  let pulls = false;
  let refreshes = false;
  let refreshesHints = false;
  let refreshesLenses = false;
  let configurable = false;
  let registers = false;
  let watches = false;
  let watchesAnywhere = false;
  const environments = new DocumentEnvironments((folders) => {
    if (watchesAnywhere)
      void guarded('file watching', () => watch(connection, packagesIn(folders)), undefined);
  });
  const documentSettings = new DocumentSettings(connection);
  let initial: unknown;
  let workspace: Workspace | undefined;
  const openNotebooks = new Set<string>();
  const collection = new IdleCollection();

  /** Nothing is answered before the settings are known: rules that are off must not flash up. */
  let settingsAreKnown = (): void => {};
  const configured = new Promise<void>((resolve) => {
    settingsAreKnown = resolve;
  });
  const ready = async (): Promise<Workspace> => {
    await configured;
    workspace ??= new Workspace(
      documents,
      notebooks,
      documentSettings,
      (uri) => environments.of(uri),
      (rule, uri, line, error) =>
        connection.console.error(`${rule} failed at ${uri}:${line}: ${describe(error)}`),
    );
    return workspace;
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const { capabilities } = params;
    pulls = capabilities.textDocument?.diagnostic !== undefined;
    refreshes = capabilities.workspace?.diagnostics?.refreshSupport === true;
    refreshesHints = capabilities.workspace?.inlayHint?.refreshSupport === true;
    refreshesLenses = capabilities.workspace?.codeLens?.refreshSupport === true;
    configurable = capabilities.workspace?.configuration === true;
    registers = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    const watching = capabilities.workspace?.didChangeWatchedFiles;
    watches = watching?.dynamicRegistration === true;
    watchesAnywhere = watches && watching?.relativePatternSupport === true;
    environments.setFolders((params.workspaceFolders ?? []).map(({ uri }) => uri));
    initial = params.initializationOptions;
    return {
      serverInfo: { name: 'smelt' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        notebookDocumentSync: {
          notebookSelector: [
            { notebook: { notebookType: 'jupyter-notebook' }, cells: [{ language: 'python' }] },
          ],
        },
        diagnosticProvider: {
          identifier: 'smelt',
          interFileDependencies: true,
          workspaceDiagnostics: false,
        },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
        hoverProvider: true,
        inlayHintProvider: true,
        codeLensProvider: {},
        completionProvider: { triggerCharacters },
      },
    };
  });

  connection.onInitialized(() => {
    if (registers) {
      void connection.client
        .register(DidChangeConfigurationNotification.type, { section: 'smelt' })
        .catch((error: unknown) =>
          connection.console.warn(`No settings updates: ${describe(error)}`),
        );
    }
    if (watches) {
      const watchers = [...newEnvironments, settingsFiles, { globPattern: '**/*.py' }];
      void guarded('file watching', () => watch(connection, watchers), undefined);
    }
    void guarded('settings', updateSettings, undefined).then(settingsAreKnown);
  });

  async function updateSettings(): Promise<void> {
    settings = await readSettings(connection, configurable, initial);
    for (const entry of selectRules(rules, settings.lint).unknown) {
      connection.console.warn(`smelt.lint: "${entry}" is no rule, code or beginning of codes.`);
    }
    documentSettings.setEditor(settings.lint);
    settingsAreKnown();
    await checkAgain();
  }

  function refresh(): void {
    if (pulls && refreshes) void connection.languages.diagnostics.refresh();
    refreshValues();
  }

  /** The edit of one cell changes what the names of others are; findings are pushed there. */
  function refreshValues(): void {
    if (refreshesHints) void connection.languages.inlayHint.refresh();
    if (refreshesLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
  }

  async function checkAgain(): Promise<void> {
    refresh();
    await publishAll();
  }

  connection.onRequest(environmentsMethod, ({ interpreters }: EnvironmentsParams) =>
    interpreters.map((path) => environments.installedFor(path)),
  );

  connection.onNotification(interpretersMethod, (params: InterpretersParams) => {
    environments.setInterpreters(params);
    void guarded('interpreters', checkAgain, undefined);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const modules = changes.filter(({ uri }) => uri.endsWith('.py'));
    // A settings file may be the top of a project.
    for (const { uri } of changes)
      if (uri.endsWith('.py') || isSettingsFile(uri)) workspace?.fileChanged(uri);
    if (changes.some(({ uri }) => isSettingsFile(uri))) documentSettings.forget();
    if (modules.length < changes.length) environments.forget();
    // Diagnostics that come again close the menus that are open on them: only where something is new.
    if (modules.length < changes.length || workspace?.hasOutdated === true)
      void guarded('file watching', checkAgain, undefined);
  });

  connection.onDidChangeConfiguration((change) => {
    initial = (change.settings as { smelt?: unknown } | null)?.smelt ?? initial;
    void guarded('settings', updateSettings, undefined);
  });

  async function publishAll(): Promise<void> {
    for (const document of documents.all()) await publish(document.uri);
    for (const uri of openNotebooks) scheduleNotebook(uri);
    documentSettings.publishProblems();
  }

  /**
   * Push, for clients that do not pull, and for every notebook: the edit of one cell changes the
   * findings of others, which nobody would ask for.
   */
  async function publish(uri: string): Promise<void> {
    const known = await ready();
    const program = known.programOf(uri)?.program;
    if (program === undefined || (pulls && !program.isNotebook)) return;
    const analysed = settings.lint.enable ? known.analyse(uri) : null;
    for (const source of program.sources) {
      await connection.sendDiagnostics({
        uri: source.uri,
        version: source.version,
        diagnostics: analysed === null ? [] : diagnosticsOf(analysed, source.uri),
      });
    }
    collection.schedule();
  }

  // One analysis for all the keystrokes that have arrived, not one for each.
  const waiting = new Set<string>();
  const schedule = (uri: string): void => {
    if (waiting.size === 0) {
      setImmediate(() => {
        const uris = [...waiting];
        waiting.clear();
        for (const each of uris) void guarded('diagnostics', () => publish(each), undefined);
      });
    }
    waiting.add(uri);
  };

  /** What imports the file sees it as it is now. */
  const importersChange = (uri: string): void => {
    const importers = workspace?.importersOf(uri).filter((importer) => importer !== uri) ?? [];
    for (const importer of importers) schedule(importer);
    if (importers.length > 0) refresh();
  };

  documents.onDidOpen(({ document }) => {
    workspace?.documentsChanged();
    importersChange(document.uri);
  });
  documents.onDidChangeContent(({ document }) => {
    schedule(document.uri);
    importersChange(document.uri);
    collection.postpone();
  });
  documents.onDidClose(({ document }) => {
    workspace?.forget(document.uri);
    workspace?.documentsChanged();
    importersChange(document.uri);
    if (!pulls) clear(document.uri);
  });
  notebooks.onDidOpen(({ uri }) => {
    openNotebooks.add(uri);
    scheduleNotebook(uri);
  });
  notebooks.onDidChange(({ notebookDocument }) => {
    scheduleNotebook(notebookDocument.uri);
    refreshValues();
  });
  notebooks.cellTextDocuments.onDidClose(({ document }) => clear(document.uri));
  notebooks.onDidClose((notebook) => {
    openNotebooks.delete(notebook.uri);
    workspace?.forget(notebook.uri);
  });

  function clear(uri: string): void {
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  function scheduleNotebook(uri: string): void {
    const first = notebooks.getNotebookDocument(uri)?.cells[0];
    if (first !== undefined) schedule(first.document);
  }

  connection.languages.diagnostics.on(({ textDocument }) =>
    guarded(
      'textDocument/diagnostic',
      async () => {
        const known = await ready();
        const pushed = known.programOf(textDocument.uri)?.program.isNotebook === true;
        const analysed = settings.lint.enable && !pushed ? known.analyse(textDocument.uri) : null;
        collection.schedule();
        return {
          kind: 'full',
          items: analysed === null ? [] : diagnosticsOf(analysed, textDocument.uri),
        };
      },
      { kind: 'full', items: [] },
    ),
  );

  connection.onCodeAction((params) =>
    guarded('textDocument/codeAction', async () => {
      const known = await ready();
      const analysed = settings.lint.enable ? known.analyse(params.textDocument.uri) : null;
      if (analysed === null) return [];
      return codeActionsOf(analysed, params, (texts) =>
        analyseProgram(
          {
            ...analysed.program,
            sources: analysed.program.sources.map((source, i) => ({
              ...source,
              text: texts[i] ?? '',
            })),
          },
          analysed.lint,
          analysed.environment,
          analysed.site,
        ),
      );
    }, []),
  );

  connection.onHover(({ textDocument, position }) =>
    guarded(
      'textDocument/hover',
      async () => {
        const analysed = (await ready()).analyse(textDocument.uri);
        return analysed === null
          ? null
          : hoverAt(analysed, textDocument.uri, position.line, position.character, settings);
      },
      null,
    ),
  );

  connection.languages.inlayHint.on(({ textDocument, range }) =>
    guarded('textDocument/inlayHint', async () => {
      const analysed = (await ready()).analyse(textDocument.uri);
      return analysed === null
        ? []
        : inlayHintsOf(analysed, textDocument.uri, range, settings.inlayHints);
    }, []),
  );

  connection.onCompletion(({ textDocument: { uri }, position }) =>
    guarded('textDocument/completion', async () => {
      const document = documents.get(uri) ?? notebooks.cellTextDocuments.get(uri);
      return document === undefined ? [] : completionsAt(document, position);
    }, []),
  );

  connection.onCodeLens(({ textDocument }) =>
    guarded('textDocument/codeLens', async () => {
      const known = await ready();
      const analysed = settings.codeLens.timedWindows ? known.analyse(textDocument.uri) : null;
      return analysed === null ? [] : codeLensesOf(analysed, textDocument.uri);
    }, []),
  );

  connection.onRequest(rulePageMethod, ({ rule }: RulePageParams) => rulePage(rule));

  /** Answers with `otherwise` when something inside fails, and says so in the log. */
  async function guarded<T>(what: string, run: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await run();
    } catch (error) {
      connection.console.error(`${what} failed: ${describe(error)}`);
      return otherwise;
    }
  }

  documents.listen(connection);
  notebooks.listen(connection);
  connection.listen();
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** The views of package.json, in the panel beside the terminal. */
export const views = [
  { id: 'smelt.results', name: 'Results', type: 'webview', icon: '$(graph)' },
  { id: 'smelt.variables', name: 'Variables', icon: '$(symbol-variable)' },
] as const;

/** What views say while they have nothing to show. */
export const viewsWelcome = [
  {
    view: 'smelt.variables',
    contents:
      'Nothing yet: variables of the file or notebook in front are here once its cells have made some.',
  },
] as const;

/** Buttons of the entries of views. */
export const viewItemMenus = [
  {
    command: 'smelt.examineVariable',
    when: 'view == smelt.variables && viewItem == numbers',
    group: 'inline',
  },
] as const;

/** Draws what Smelt's Jupyter kernel says of a cell; the MIME type is that of jupyter_extension.py. */
export const notebookRenderers = [
  {
    id: 'smelt.report',
    displayName: 'Smelt report',
    entrypoint: './dist/reportRenderer.js',
    mimeTypes: ['application/vnd.smelt.report+json'],
    requiresMessaging: 'never',
  },
] as const;

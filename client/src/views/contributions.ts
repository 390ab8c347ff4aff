/** The views of package.json, in the panel beside the terminal. */
export const views = [
  { id: 'smelt.results', name: 'Results', type: 'webview', icon: '$(graph)' },
] as const;

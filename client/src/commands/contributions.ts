const inPython = 'editorLangId == python';
const inCells = `editorTextFocus && ${inPython} && !notebookEditorFocused`;
/** Everything else that Escape closes comes first. */
const nothingElseOpen = [
  '!suggestWidgetVisible',
  '!inlineSuggestionVisible',
  '!findWidgetVisible',
  '!parameterHintsVisible',
  '!renameInputVisible',
  '!inSnippetMode',
  '!markersNavigationVisible',
  '!editorHasSelection',
  '!editorHasMultipleSelections',
  '!vim.active',
].join(' && ');

/** Every command: what package.json says of it. Handlers stand beside, extension.ts joins them. */
export const contributions = [
  {
    id: 'smelt.runCell',
    title: 'Run on Metal',
    icon: '$(play)',
    when: inPython,
    keybinding: {
      key: 'ctrl+enter',
      mac: 'cmd+enter',
      when: `${inCells} && smelt.hasCells && !jupyter.hascodecells`,
    },
  },
  { id: 'smelt.runAllCells', title: 'Run All Cells', icon: '$(run-all)', when: inPython },
  { id: 'smelt.runAbove', title: 'Run Cells Above', when: inPython },
  { id: 'smelt.interrupt', title: 'Interrupt', icon: '$(debug-stop)' },
  { id: 'smelt.restartKernel', title: 'Restart Kernel', icon: '$(debug-restart)' },
  {
    id: 'smelt.clearResults',
    title: 'Clear Results',
    when: inPython,
    keybinding: { key: 'escape', when: `${inCells} && smelt.hasResults && ${nothingElseOpen}` },
  },
  { id: 'smelt.selectInterpreter', title: 'Select Interpreter' },
  { id: 'smelt.benchmark', title: 'Benchmark…' },
  { id: 'smelt.showDevice', title: 'Show Device' },
  { id: 'smelt.showRule', title: 'Explain Rule…' },
  { id: 'smelt.showOutput', title: 'Show Output of Cells' },
  { id: 'smelt.showLog', title: 'Show Log' },
] as const;

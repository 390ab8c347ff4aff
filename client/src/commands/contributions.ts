const inPython = 'editorLangId == python';
const inCells = `editorTextFocus && ${inPython} && !notebookEditorFocused`;
/** Nothing that takes Enter is open. */
const noWidget = '!suggestWidgetVisible && !findInputFocussed && !replaceInputFocussed';
/** The cells are ours when nobody else has keys for them, or when the user says so. */
const ownsCells =
  "smelt.hasCells && config.smelt.cells.keys != 'off' && (config.smelt.cells.keys == 'smelt' || !jupyter.hascodecells)";
/** Lines go to the terminal with the same key where the Python extension is. */
const ownsShiftEnter = "(config.smelt.cells.keys == 'smelt' || !smelt.terminalHasKeys)";
/** Everything else that Escape closes comes first. */
const nothingElseOpen = [
  '!suggestWidgetVisible',
  '!dirtyDiffVisible',
  '!exceptionWidgetVisible',
  '!notificationToastsVisible',
  '!notificationCenterVisible',
  '!referenceSearchVisible',
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
      when: `${inCells} && ${ownsCells}`,
    },
  },
  {
    id: 'smelt.runAndAdvance',
    title: 'Run on Metal and Advance',
    when: inPython,
    keybinding: {
      key: 'shift+enter',
      when: `${inCells} && ${ownsCells} && ${ownsShiftEnter} && !editorHasSelection && ${noWidget}`,
    },
  },
  { id: 'smelt.runAllCells', title: 'Run All Cells', icon: '$(run-all)', when: inPython },
  { id: 'smelt.runAbove', title: 'Run Cells Above', when: inPython },
  { id: 'smelt.profileCell', title: 'Profile Cell', icon: '$(flame)', when: inPython },
  { id: 'smelt.benchmarkCell', title: 'Benchmark Cell', when: inPython },
  { id: 'smelt.compareDevices', title: 'Compare Devices for Cell', when: inPython },
  { id: 'smelt.runBelow', title: 'Run Cell and Below', when: inPython },
  { id: 'smelt.runSelection', title: 'Run Selection or Statement', when: inPython },
  { id: 'smelt.interrupt', title: 'Interrupt', icon: '$(debug-stop)' },
  { id: 'smelt.showQueue', title: 'Show Queue…', icon: '$(list-ordered)' },
  { id: 'smelt.cancelCell', title: 'Cancel Waiting Cell', icon: '$(close)', when: inPython },
  { id: 'smelt.clearQueue', title: 'Clear Queue', icon: '$(clear-all)' },
  { id: 'smelt.restartKernel', title: 'Restart Kernel', icon: '$(debug-restart)' },
  { id: 'smelt.restartAndRunAll', title: 'Restart Kernel and Run All Cells' },
  {
    id: 'smelt.clearResults',
    title: 'Clear Results',
    when: inPython,
    keybinding: {
      key: 'escape',
      args: 'key',
      when: `${inCells} && smelt.hasResults && ${nothingElseOpen}`,
    },
  },
  { id: 'smelt.selectInterpreter', title: 'Select Interpreter' },
  { id: 'smelt.makeEnvironment', title: 'Make Environment for This Folder' },
  { id: 'smelt.installJupyterKernel', title: 'Install Jupyter Kernel' },
  { id: 'smelt.uninstallJupyterKernel', title: 'Uninstall Jupyter Kernel' },
  { id: 'smelt.benchmark', title: 'Benchmark…' },
  { id: 'smelt.showDevice', title: 'Show Device' },
  { id: 'smelt.showRule', title: 'Explain Rule…' },
  { id: 'smelt.showResults', title: 'Show Results', when: inPython },
  {
    id: 'smelt.examineVariable',
    title: 'Count NaN and Infinite',
    icon: '$(search)',
    when: 'false',
  },
  { id: 'smelt.showVariables', title: 'Show Variables' },
  { id: 'smelt.showOutput', title: 'Show Output of Cells' },
  { id: 'smelt.restartServer', title: 'Restart Language Server' },
  { id: 'smelt.showLog', title: 'Show Log' },
] as const;

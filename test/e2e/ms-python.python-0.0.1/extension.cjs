const vscode = require('vscode');

/** How often its key was pressed. */
let pressed = 0;
const changed = new vscode.EventEmitter();

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand('python.execSelectionInTerminal', () => {
      pressed += 1;
      changed.fire(undefined);
    }),
  );
  const { barePython } = JSON.parse(process.env.SMELT_E2E);
  return {
    pressed: () => pressed,
    onDidPress: changed.event,
    environments: { getActiveEnvironmentPath: () => ({ path: barePython }) },
  };
};

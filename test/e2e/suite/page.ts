import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { commands } from 'vscode';
import type { PageRequest } from '../window/config.ts';
import { config } from './config.ts';

let connection: Socket | undefined;
let nextId = 1;
const waiting = new Map<
  number,
  { resolve: (value: unknown) => void; reject: (error: Error) => void }
>();

/** Is there a page that can be asked? */
export const hasPage = (): boolean => config.driver !== null;

/** Asks the page that a person would see. */
export function ask<T = null>(request: PageRequest): Promise<T> {
  if (config.driver === null) throw new Error('There is no page in this window.');
  connection ??= open(config.driver);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const id = nextId;
  nextId += 1;
  waiting.set(id, { resolve, reject });
  connection.write(`${JSON.stringify({ id, request })}\n`);
  return promise as Promise<T>;
}

/**
 * Waits for a notification. The test mode of VS Code shows them only in their list, which does not
 * open while it is empty, and no event tells when it is not.
 */
export async function notification(text: string): Promise<void> {
  const within = '.notifications-center';
  for (let patience = 500; ; patience *= 2) {
    await commands.executeCommand('notifications.showList');
    try {
      await ask({ ask: 'waitForText', text, within, patience });
      return;
    } catch (error) {
      if (patience > 10_000) throw error;
    }
  }
}

/** The line after a cell is painted after the extension has spoken of it. */
export async function shownInline(text: string): Promise<void> {
  if (hasPage()) await ask({ ask: 'waitForInline', text });
}

/** Lenses come some time after their document, and not while something else has taken the focus: ask for them before that. */
export async function shownLens(text: string): Promise<void> {
  if (hasPage()) await ask({ ask: 'waitForText', text, within: '.codelens-decoration' });
}

/** The cell has ended for its lenses, too: an editor that loses the focus before has the old ones until it is back. */
export async function runLenses(): Promise<void> {
  await shownLens('Run on Metal');
  const selector = '.codelens-decoration:has-text("Interrupt")';
  if (hasPage()) await ask({ ask: 'noSelector', selector });
}

/** The editor in front has the focus, and VS Code has told what it is about: its keys do what they are for. */
export async function focusEditor(): Promise<void> {
  await commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await ask({
    ask: 'waitForSelector',
    selector: '.editor-group-container.active .monaco-editor.focused',
  });
}

/** The box at the top has the focus and says this; what is typed goes there. */
export async function inputAsks(text: string): Promise<void> {
  await ask({ ask: 'waitForText', text, within: '.quick-input-widget' });
  await ask({ ask: 'waitForSelector', selector: '.quick-input-widget input:focus' });
}

/** Enter takes this entry of a list: that of the box at the top, of a menu or of suggestions. */
export const marked = (within: string, text: string): Promise<null> =>
  ask({
    ask: 'waitForSelector',
    selector: `${within} .monaco-list-row.focused:has-text("${text}")`,
  });

/** The menu of quick fixes is open at this entry, and Enter goes there: a list is painted before it has the focus. */
export async function quickFixMenu(entry: string): Promise<void> {
  await focusEditor();
  await commands.executeCommand('editor.action.quickFix');
  await marked('.action-widget .monaco-list:focus-within', entry);
}

/** A picture for people; where there is no page there is none. */
export async function screenshot(name: string): Promise<void> {
  if (hasPage()) await ask({ ask: 'screenshot', name });
}

export const closePage = (): void => {
  connection?.end();
};

function open(path: string): Socket {
  const socket = connect(path);
  createInterface({ input: socket }).on('line', (line) => {
    const answer = JSON.parse(line) as { id: number; value?: unknown; error?: string };
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new Error(answer.error));
  });
  return socket;
}

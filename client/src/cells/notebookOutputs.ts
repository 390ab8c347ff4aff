import * as vscode from 'vscode';
import type { CellEvent } from '../kernel/cellState.ts';
import type { Error as CellError, MimeBundle } from '../kernel/messages.gen.ts';
import { TextTail } from './textTail.ts';

/** Characters of one run of text that a notebook keeps at either end: it is saved with the file. */
const longestHead = 1_000_000;
const longestTail = 200_000;
/** Milliseconds between two changes while output pours in. */
const frame = 100;

/** The text that was printed last, to which more is added. */
interface TextOutput {
  readonly stream: 'stdout' | 'stderr';
  readonly output: vscode.NotebookCellOutput;
  readonly text: TextTail;
  head: string;
}

/** The outputs of a notebook cell while it runs. VS Code takes one change at a time. */
export class NotebookOutputs {
  private readonly execution: vscode.NotebookCellExecution;
  private queue: Promise<void> = Promise.resolve();
  private last: TextOutput | null = null;
  private gathered = '';
  private timer: NodeJS.Timeout | undefined;
  private readonly displays = new Map<string, vscode.NotebookCellOutput>();
  private clearing = false;

  constructor(execution: vscode.NotebookCellExecution) {
    this.execution = execution;
  }

  /** Resolves when everything so far is in the notebook. */
  settled(): Promise<void> {
    this.flush();
    return this.queue;
  }

  clear(): void {
    this.flush();
    this.last = null;
    this.displays.clear();
    this.clearing = false;
    this.enqueue(() => this.execution.clearOutput());
  }

  take(event: CellEvent): void {
    switch (event.type) {
      case 'output':
        this.text(event.stream, event.text);
        return;
      case 'display': {
        this.flush();
        const known = event.display_id === null ? undefined : this.displays.get(event.display_id);
        if (event.update && known !== undefined) {
          this.enqueue(() => this.execution.replaceOutputItems(itemsOf(event.data), known));
        } else if (!event.update) this.show(event.data, event.display_id);
        return;
      }
      case 'result':
        this.show(event.data, null);
        return;
      case 'error':
        this.add(errorOutput(event));
        return;
      case 'lost':
        this.text('stderr', `${event.cause}\n`);
        return;
      case 'clear_output':
        if (event.wait) this.clearing = true;
        else this.clear();
    }
  }

  /** Text is gathered for a moment: a flood of small changes would freeze the notebook. */
  private text(stream: 'stdout' | 'stderr', text: string): void {
    if (this.clearing || this.last?.stream !== stream) {
      this.flush();
      const output = new vscode.NotebookCellOutput([]);
      this.add(output);
      this.last = { stream, output, text: new TextTail(longestHead, longestTail), head: '' };
    }
    this.gathered += text;
    this.timer ??= setTimeout(() => this.flush(), frame);
  }

  /** Shows what was gathered. Beyond the beginning of very long output only its end is shown. */
  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const [last, gathered] = [this.last, this.gathered];
    this.gathered = '';
    if (last === null || gathered === '') return;
    const { output } = last;
    const fresh = last.text.add(gathered);
    last.head += fresh;
    const rest = last.text.rest();
    const item = (text: string): vscode.NotebookCellOutputItem =>
      vscode.NotebookCellOutputItem[last.stream](text);
    if (rest === '') this.enqueue(() => this.execution.appendOutputItems(item(fresh), output));
    else this.enqueue(() => this.execution.replaceOutputItems([item(last.head + rest)], output));
  }

  /** Rich output, which later ones of that id replace. */
  show(data: MimeBundle, displayId: string | null): void {
    const output = new vscode.NotebookCellOutput(itemsOf(data));
    this.add(output);
    if (displayId !== null) this.displays.set(displayId, output);
  }

  private add(output: vscode.NotebookCellOutput): void {
    this.flush();
    this.last = null;
    if (this.clearing) {
      this.clearing = false;
      this.enqueue(() => this.execution.replaceOutput(output));
    } else this.enqueue(() => this.execution.appendOutput(output));
  }

  private enqueue(change: () => Thenable<void>): void {
    this.queue = this.queue.then(change).catch(() => {
      // The notebook was closed: there is nowhere to show it.
    });
  }
}

/** VS Code writes the lines of a traceback to the file so that it reads an empty one behind each, unless it is told them. */
const errorOutput = ({ ename, evalue, traceback }: CellError): vscode.NotebookCellOutput =>
  new vscode.NotebookCellOutput(
    [vscode.NotebookCellOutputItem.error({ name: ename, message: evalue, stack: traceback })],
    { originalError: { traceback: traceback.trimEnd().split('\n') } },
  );

/** Rich forms first: VS Code shows the first that it can. */
function itemsOf(data: MimeBundle): vscode.NotebookCellOutputItem[] {
  const entries = Object.entries(data).sort(
    ([a], [b]) => Number(a === 'text/plain') - Number(b === 'text/plain'),
  );
  return entries.map(([mime, value]) => {
    if (typeof value !== 'string') return vscode.NotebookCellOutputItem.json(value, mime);
    const isBinary = /^(image|audio|video)\/(?!svg)|^application\/pdf/.test(mime);
    return isBinary
      ? new vscode.NotebookCellOutputItem(Buffer.from(value, 'base64'), mime)
      : vscode.NotebookCellOutputItem.text(value, mime);
  });
}

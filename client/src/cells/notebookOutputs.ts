import * as vscode from 'vscode';
import type { CellEvent } from '../kernel/cellState.ts';
import type { Error as CellError, MimeBundle } from '../kernel/messages.gen.ts';
import { TextTail } from './textTail.ts';

/** Characters of one run of text that a notebook keeps at either end: it is saved with the file. */
const longestHead = 1_000_000;
const longestTail = 200_000;
/** Milliseconds between two changes while output pours in. */
const frame = 100;

/** Outputs of one cell; text beyond goes to the last of its stream, as when a progress bar and print() take turns. */
const mostOutputs = 500;

/** Text that was printed, to which more may be added. */
interface TextOutput {
  readonly stream: 'stdout' | 'stderr';
  readonly output: vscode.NotebookCellOutput;
  readonly text: TextTail;
  head: string;
  /** What is not shown yet: a flood of small changes would freeze the notebook. */
  gathered: string;
}

/** The outputs of a notebook cell while it runs. VS Code takes one change at a time. */
export class NotebookOutputs {
  private readonly execution: vscode.NotebookCellExecution;
  private queue: Promise<void> = Promise.resolve();
  private last: TextOutput | null = null;
  private readonly latest = new Map<TextOutput['stream'], TextOutput>();
  private readonly fresh = new Set<TextOutput>();
  private count = 0;
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
    this.forget();
    this.displays.clear();
    this.enqueue(() => this.execution.clearOutput());
  }

  take(event: CellEvent): void {
    switch (event.type) {
      case 'output':
        this.text(event.stream, event.text);
        return;
      case 'display': {
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

  private text(stream: TextOutput['stream'], text: string): void {
    if (this.clearing || this.last?.stream !== stream) this.last = this.textOutput(stream);
    this.last.gathered += text;
    this.fresh.add(this.last);
    this.timer ??= setTimeout(() => this.flush(), frame);
  }

  private textOutput(stream: TextOutput['stream']): TextOutput {
    const known = this.latest.get(stream);
    if (known !== undefined && !this.clearing && this.count >= mostOutputs) return known;
    const output = new vscode.NotebookCellOutput([]);
    this.add(output);
    const text = new TextTail(longestHead, longestTail);
    const made = { stream, output, text, head: '', gathered: '' };
    this.latest.set(stream, made);
    return made;
  }

  /** Shows what was gathered. Beyond the beginning of very long output only its end is shown. */
  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const each of this.fresh) this.showText(each);
    this.fresh.clear();
  }

  private showText(each: TextOutput): void {
    const { output, stream } = each;
    const head = each.text.add(each.gathered);
    each.gathered = '';
    each.head += head;
    const shown = each.head;
    const rest = each.text.rest();
    const item = (text: string): vscode.NotebookCellOutputItem =>
      vscode.NotebookCellOutputItem[stream](text);
    if (rest === '') this.enqueue(() => this.execution.appendOutputItems(item(head), output));
    else this.enqueue(() => this.execution.replaceOutputItems([item(shown + rest)], output));
  }

  /** Rich output, which later ones of that id replace. */
  show(data: MimeBundle, displayId: string | null): void {
    const output = new vscode.NotebookCellOutput(itemsOf(data));
    this.add(output);
    if (displayId !== null) this.displays.set(displayId, output);
  }

  private add(output: vscode.NotebookCellOutput): void {
    if (this.clearing) {
      this.forget();
      this.enqueue(() => this.execution.replaceOutput(output));
    } else this.enqueue(() => this.execution.appendOutput(output));
    this.last = null;
    this.count += 1;
  }

  /** What there is goes away, shown or not. */
  private forget(): void {
    this.last = null;
    this.latest.clear();
    this.fresh.clear();
    this.count = 0;
    this.clearing = false;
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

import * as vscode from 'vscode';
import type { CellEvent } from '../kernel/cellState.ts';
import type { MimeBundle } from '../kernel/messages.gen.ts';

/** The outputs of a notebook cell while it runs. VS Code takes one change at a time. */
export class NotebookOutputs {
  private readonly execution: vscode.NotebookCellExecution;
  private queue: Promise<void> = Promise.resolve();
  private last: { readonly stream: string; readonly output: vscode.NotebookCellOutput } | null =
    null;
  private readonly displays = new Map<string, vscode.NotebookCellOutput>();
  private clearing = false;

  constructor(execution: vscode.NotebookCellExecution) {
    this.execution = execution;
  }

  /** Resolves when everything so far is in the notebook. */
  settled(): Promise<void> {
    return this.queue;
  }

  clear(): void {
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
        const known = event.display_id === null ? undefined : this.displays.get(event.display_id);
        if (event.update && known !== undefined) {
          this.enqueue(() => this.execution.replaceOutputItems(itemsOf(event.data), known));
        } else if (!event.update) this.append(event.data, event.display_id);
        return;
      }
      case 'result':
        this.append(event.data, null);
        return;
      case 'error':
        this.add(
          new vscode.NotebookCellOutput([
            vscode.NotebookCellOutputItem.error({
              name: event.ename,
              message: event.evalue,
              stack: event.traceback,
            }),
          ]),
        );
        return;
      case 'lost':
        this.text('stderr', `${event.cause}\n`);
        return;
      case 'clear_output':
        if (event.wait) this.clearing = true;
        else this.clear();
    }
  }

  private text(stream: 'stdout' | 'stderr', text: string): void {
    const item =
      stream === 'stdout'
        ? vscode.NotebookCellOutputItem.stdout(text)
        : vscode.NotebookCellOutputItem.stderr(text);
    const last = this.clearing ? null : this.last;
    if (last?.stream === stream) {
      const { output } = last;
      this.enqueue(() => this.execution.appendOutputItems(item, output));
      return;
    }
    const output = new vscode.NotebookCellOutput([item]);
    this.add(output);
    this.last = { stream, output };
  }

  private append(data: MimeBundle, displayId: string | null): void {
    const output = new vscode.NotebookCellOutput(itemsOf(data));
    this.add(output);
    if (displayId !== null) this.displays.set(displayId, output);
  }

  private add(output: vscode.NotebookCellOutput): void {
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

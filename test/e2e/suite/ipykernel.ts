import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { config } from './config.ts';

/** Runs what comes in, one JSON string a line, in an ipykernel that knows nothing of Smelt but its path. */
const program = `
import json, sys, jupyter_client
manager = jupyter_client.KernelManager(kernel_name="python3")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
def tell(kind, content):
    print(json.dumps({"kind": kind, "content": content}), flush=True)
for line in sys.stdin:
    reply = client.execute_interactive(
        json.loads(line), output_hook=lambda message: tell(message["msg_type"], message["content"]), timeout=60
    )
    tell("reply", {"status": reply["content"]["status"]})
client.stop_channels()
manager.shutdown_kernel(now=True)
`;

interface Message {
  readonly kind: string;
  readonly content: { readonly data?: Readonly<Record<string, unknown>>; readonly status?: string };
}

/** A kernel of notebooks as the Jupyter extension has, which no window of these tests can have: it is not in their VS Code. */
export class Ipykernel implements vscode.Disposable {
  static readonly id = 'smelt-tests.ipykernel';
  private readonly process: ChildProcess;
  private readonly controller: vscode.NotebookController;

  constructor() {
    const path = vscode.extensions.getExtension('smelt.smelt')?.extensionPath ?? '';
    this.process = spawn(config.python, ['-c', program], {
      env: { ...process.env, PYTHONPATH: join(path, 'python-runtime') },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.controller = vscode.notebooks.createNotebookController(
      Ipykernel.id,
      'jupyter-notebook',
      'Python 3 (ipykernel)',
    );
    this.controller.executeHandler = async (cells) => {
      for (const cell of cells) await this.execute(cell);
    };
  }

  dispose(): void {
    this.controller.dispose();
    // The kernel ends with it.
    this.process.stdin?.end();
  }

  private async execute(cell: vscode.NotebookCell): Promise<void> {
    const execution = this.controller.createNotebookCellExecution(cell);
    execution.start(Date.now());
    const messages = createInterface({ input: this.process.stdout as NodeJS.ReadableStream });
    const { promise, resolve } = Promise.withResolvers<boolean>();
    messages.on('line', (line) => {
      const { kind, content } = JSON.parse(line) as Message;
      if (kind === 'reply') resolve(content.status === 'ok');
      else if (content.data !== undefined) void execution.appendOutput(outputOf(content.data));
    });
    this.process.stdin?.write(`${JSON.stringify(cell.document.getText())}\n`);
    const success = await Promise.race([promise, once(this.process, 'exit').then(() => false)]);
    messages.close();
    execution.end(success, Date.now());
  }
}

const outputOf = (data: Readonly<Record<string, unknown>>): vscode.NotebookCellOutput =>
  new vscode.NotebookCellOutput(
    Object.entries(data).map(([mime, value]) =>
      typeof value === 'string'
        ? vscode.NotebookCellOutputItem.text(value, mime)
        : vscode.NotebookCellOutputItem.json(value, mime),
    ),
  );

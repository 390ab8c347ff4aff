import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface EditorServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  stop(): void;
}

/** Starts VS Code's server on a free port of 127.0.0.1; resolves when it answers. */
export async function startEditorServer(options: {
  /** Folder of vscodeServer(). */
  readonly server: string;
  /** Where it keeps its data and its extensions. */
  readonly data: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly log?: (text: string) => void;
}): Promise<EditorServer> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      join(options.server, 'out/server-main.js'),
      ...['--host', '127.0.0.1', '--port', String(port)],
      '--without-connection-token',
      '--accept-server-license-terms',
      ...['--telemetry-level', 'off'],
      ...['--server-data-dir', options.data],
      ...['--extensions-dir', join(options.data, 'extensions')],
      ...(options.flags ?? []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.environment } },
  );
  let output = '';
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    options.log?.(chunk.toString());
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const origin = `http://127.0.0.1:${port}`;
  await answers(child, `${origin}/version`, () => output);
  return { port, origin, stop: () => child.kill('SIGKILL') };
}

/** An address that opens a folder; `payload` goes to the workbench's environment. */
export const folderUrl = (
  { origin }: EditorServer,
  folder: string,
  payload: readonly (readonly [string, string])[] = [],
): string =>
  `${origin}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;

async function answers(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`VS Code's server ended:\n${output()}`);
    const response = await fetch(url).catch(() => null);
    if (response?.ok === true) return;
    // The server has no event for this that another process could wait for.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error(`VS Code's server did not answer within a minute:\n${output()}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const cli = join(import.meta.dirname, '../../dist/cli.js');

export interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own, and the built command running in it. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'smelt-cli-')));

  write(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  remove(name: string): void {
    rmSync(join(this.folder, name));
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  smelt(...args: readonly string[]): Done {
    return this.smeltWith({}, ...args);
  }

  smeltWith(
    options: { readonly input?: string; readonly environment?: Readonly<Record<string, string>> },
    ...args: readonly string[]
  ): Done {
    const done = spawnSync(process.execPath, [cli, ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      env: { ...process.env, ...options.environment },
      ...(options.input === undefined ? {} : { input: options.input }),
    });
    return { code: done.status, stdout: done.stdout, stderr: done.stderr };
  }

  /** Codes of the findings, file by file, as `name CODE`. */
  codes(...args: readonly string[]): string[] {
    const { stdout, stderr } = this.smelt('check', '--output-format', 'json', ...args);
    if (stdout === '') throw new Error(stderr);
    const found = JSON.parse(stdout) as { filename: string; code: string }[];
    return found.map(({ filename, code }) => `${filename.slice(this.folder.length + 1)} ${code}`);
  }
}

/** MPS102, with a safe fix. */
export const selector = 'import torch\n\ndevice = "cuda" if torch.cuda.is_available() else "cpu"\n';

/** MLX601, with a safe fix. */
export const deprecated = 'import mlx.core as mx\n\nmx.metal.get_peak_memory()\n';

/** MPS101, without a fix. */
export const hardcoded = 'import torch\n\nx = torch.zeros(3, device="cuda")\n';

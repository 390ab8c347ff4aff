import { spawn } from 'node:child_process';
import { beforeEach, expect, test } from 'vitest';
import { cli, hardcoded, Project, selector } from './project.ts';

let project: Project;
beforeEach(() => {
  project = new Project();
});

/** A command that goes on, and all that it has printed. */
class Watching {
  private printed = '';
  private readonly wake: (() => void)[] = [];
  private readonly process;
  readonly code: Promise<unknown>;

  constructor(...args: readonly string[]) {
    const all = [cli, 'check', '--watch', '--output-format', 'concise', '-q', ...args];
    this.process = spawn(process.execPath, all, { cwd: project.folder });
    this.code = new Promise((resolve) => this.process.once('exit', resolve));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on('data', (data) => {
        this.printed += String(data);
        for (const each of this.wake.splice(0)) each();
      });
  }

  /** Waits until something is printed, in a run that has ended, and forgets it. */
  async says(text: string): Promise<void> {
    for (;;) {
      const at = this.printed.indexOf(text);
      const end = at === -1 ? -1 : this.printed.indexOf('Watching', at);
      if (end !== -1) {
        this.printed = this.printed.slice(end);
        return;
      }
      await new Promise<void>((resolve) => this.wake.push(resolve));
    }
  }

  end(): Promise<unknown> {
    this.process.kill('SIGINT');
    return this.code;
  }
}

test('--watch checks again after a change, and Ctrl-C ends it', async () => {
  project.write('a.py', selector);
  const watching = new Watching();
  await watching.says('a.py:3:10: MPS102');
  project.write('b.py', hardcoded);
  await watching.says('b.py:3:27: MPS101');
  expect(await watching.end()).toBe(0);
});

test('settings may go wrong and right again, also those above and those that are named', async () => {
  project.write('inner/a.py', selector + hardcoded);
  project.write('smelt.toml', 'ignore = ["MPS101"]\n');
  const above = new Watching('inner');
  await above.says('MPS102');
  project.write('smelt.toml', 'ignore = ["MPS102"\n');
  await above.says('smelt: smelt.toml:2:1: not TOML');
  project.write('smelt.toml', 'ignore = ["MPS102"]\n');
  await above.says('MPS101');
  expect(await above.end()).toBe(0);

  project.write('own.toml', 'ignore = ["MPS101"]\n');
  const named = new Watching('--config', 'own.toml', 'inner');
  await named.says('MPS102');
  project.remove('own.toml');
  await named.says('smelt: --config: own.toml cannot be read');
  project.write('own.toml', 'ignore = ["MPS102"]\n');
  await named.says('MPS101');
  expect(await named.end()).toBe(0);
});

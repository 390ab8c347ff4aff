import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CellEvent, CellState } from '../../client/src/kernel/cellState.ts';
import { newCellState, printedText, reduceCell } from '../../client/src/kernel/cellState.ts';
import type { CellEnd, Follower } from '../../client/src/kernel/execution.ts';
import { KernelFolder } from '../../client/src/kernel/kernelFolder.ts';
import type { InputRequest } from '../../client/src/kernel/messages.gen.ts';
import { isRunning } from '../../client/src/kernel/runningProcess.ts';
import { Session } from '../../client/src/kernel/session.ts';
import type { SessionOptions } from '../../client/src/kernel/sessionOptions.ts';

const interpreter = process.env['SMELT_TEST_PYTHON'] ?? 'python3';
const runtime = join(import.meta.dirname, '../../python-runtime');
const key = 'file:///project/cell.py';

let parent: string;
let sessions: Session[] = [];
let logs: string[] = [];
let causes: (string | null)[] = [];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'smelt-reload-'));
  [sessions, logs, causes] = [[], [], []];
});
afterEach(() => Promise.all(sessions.map((session) => session.end())));

const options = (): SessionOptions => ({
  interpreter,
  runtime,
  folder: tmpdir(),
  environment: {},
  keep: { folder: parent, key },
  log: (text) => logs.push(text),
  ended: (cause) => causes.push(cause),
});

function start(more: Partial<SessionOptions> = {}): Session {
  const session = new Session({ ...options(), ...more });
  sessions.push(session);
  return session;
}

const folderOf = (session: Session): KernelFolder => session.folder as KernelFolder;
const onlyFolder = (): KernelFolder => KernelFolder.all(parent)[0] as KernelFolder;

/** The next window: another session for the kernel in the folder. */
function attach(cells: Readonly<Record<string, Cell>> = {}): Session {
  const folder = onlyFolder();
  expect(folder.claim()).toBe(true);
  const record = folder.livingKernel();
  if (record === null) throw new Error('No kernel lives there.');
  const session = new Session(options(), {
    folder,
    record,
    resume: (place) => cells[String(place)] ?? null,
  });
  sessions.push(session);
  return session;
}

/** What happens to one cell, in whichever window. */
class Cell implements Follower {
  state: CellState = newCellState;
  readonly events: CellEvent[] = [];
  printed = '';
  readonly end: Promise<CellEnd>;
  finish: (end: CellEnd) => void = () => {};
  private readonly name: string;
  private waiting: (() => void)[] = [];

  constructor(name = 'cell', state = newCellState) {
    this.name = name;
    this.state = state;
    this.end = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  readonly place = (): string => this.name;

  readonly listener = (event: CellEvent): void => {
    this.events.push(event);
    if (event.type === 'output') this.printed += event.text;
    this.state = reduceCell(this.state, event);
    for (const wake of this.waiting) wake();
  };

  /** Resolves when something has become true of it. */
  async when(isSo: (cell: Cell) => boolean): Promise<void> {
    while (!isSo(this)) await new Promise<void>((wake) => this.waiting.push(wake));
  }
}

function run(session: Session, code: string, cell = new Cell()): Cell {
  const source = { code, filename: '/project/cell.py', line: 0 };
  void session.execute(source, cell.listener, cell.place).then(cell.finish);
  return cell;
}

/** Runs cells in a window that is a process; resolves when they have printed a word. */
async function windowThatPrinted(
  word: string,
  cells: readonly string[],
  grace = 60,
): Promise<ChildProcess> {
  const task = { interpreter, runtime, keep: { folder: parent, key }, grace, cells };
  const script = join(import.meta.dirname, 'window.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-1000);
      if (printed.includes(word)) resolve();
    });
  });
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}

test('variables and numbers of cells stay, and the folder goes with the kernel', async () => {
  const first = start();
  expect(await run(first, 'x = 41').end).toBe('ok');
  const pid = first.pid;
  first.leave();
  const second = attach();
  expect(second.pid).toBe(pid);
  const cell = run(second, 'x + 1');
  expect(await cell.end).toBe('ok');
  expect(cell.state.result?.summary).toBe('42');
  expect(cell.state.executionCount).toBe(2);
  expect(await second.ask({ type: 'variables', path: [] })).toMatchObject({
    variables: [{ name: 'x' }],
  });
  await second.end();
  expect(causes).toEqual([null]);
  expect(existsSync(folderOf(second).path)).toBe(false);
});

test('a running cell goes on, its output comes whole and in order, and the queue after it', async () => {
  const first = start();
  const lines = 200_000;
  const code = `import sys\nfor i in range(${lines}):\n    print("é", i, file=sys.stderr if i % 1000 == 0 else sys.stdout)\n"end"`;
  const before = run(first, code);
  run(first, 'after = 1\nafter', new Cell('queued'));
  await before.when(({ printed }) => printed.length > 100_000);
  first.leave();
  const heard = before.printed;
  const [cell, queued] = [new Cell('cell', before.state), new Cell('queued')];
  attach({ cell, queued });
  expect(await cell.end).toBe('ok');
  expect(await queued.end).toBe('ok');
  const wanted = Array.from({ length: lines }, (_, i) => `é ${i}\n`).join('');
  expect(heard + cell.printed === wanted).toBe(true);
  expect(cell.state.result?.summary).toBe("'end'");
  expect(cell.state.report?.wall).toBeGreaterThan(0);
  expect(cell.events.map(({ type }) => type).slice(-3)).toEqual(['result', 'report', 'done']);
  expect(queued.state.result?.summary).toBe('1');
  expect(logs).toEqual([]);
});

test('a cell that ended while no window was there tells all of it to the next', async () => {
  const first = start();
  const before = run(first, 'print("before")\nimport time\ntime.sleep(0.5)\nprint("after")\n6 * 7');
  await before.when(({ printed }) => printed === 'before\n');
  first.leave();
  // Nothing but the kernel itself can tell that it is done, and it has nobody to tell.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const cell = new Cell('cell', before.state);
  attach({ cell });
  expect(await cell.end).toBe('ok');
  expect(printedText(cell.state)).toBe('before\nafter\n');
  expect(cell.state.result?.summary).toBe('42');
});

test('input() is asked again', async () => {
  const first = start();
  const before = run(first, 'input("Name? ")');
  await before.when(({ state }) => state.input !== null);
  first.leave();
  const cell = new Cell();
  const second = attach({ cell });
  await cell.when(({ state }) => state.input !== null);
  expect(cell.state.input?.prompt).toBe('Name? ');
  second.answer(cell.state.input as InputRequest, 'Ada');
  expect(await cell.end).toBe('ok');
  expect(cell.state.result?.summary).toBe("'Ada'");
});

test('an interrupt and a kill reach a kernel of another window', async () => {
  const first = start();
  const before = run(first, 'print("go")\nwhile True: pass');
  await before.when(({ printed }) => printed !== '');
  first.leave();
  const cell = new Cell();
  const second = attach({ cell });
  second.interrupt();
  expect(await cell.end).toBe('interrupted');
  const crash = run(second, 'import os\nprint("last words", flush=True)\nos.abort()');
  expect(await crash.end).toBe('lost');
  expect(crash.printed).toBe('last words\n');
  expect(crash.state.cause).toMatch(
    /^The kernel crashed in native code \(Aborted\), at line 3 of cell\.py\./,
  );
  expect(causes).toEqual([crash.state.cause]);
  expect(existsSync(folderOf(second).path)).toBe(false);
});

test('a window that still starts its kernel leaves it to the next', async () => {
  const first = start();
  run(first, '"first"', new Cell('waiting'));
  first.leave();
  const waiting = new Cell('waiting');
  const second = attach({ waiting });
  expect(await waiting.end).toBe('ok');
  expect(waiting.state.result?.summary).toBe("'first'");
  expect((await second.ready).python).toMatch(/^3\./);
});

test('two windows never have one kernel', async () => {
  const child = await windowThatPrinted('there', ['print("there")']);
  const folder = onlyFolder();
  expect(folder.livingKernel()).not.toBeNull();
  expect(folder.claim()).toBe(false);
  await killed(child);
  expect(folder.claim()).toBe(true);
  expect(folder.claim()).toBe(false);
  folder.release();
  const session = attach();
  expect(await run(session, '1').end).toBe('ok');
});

test('a window that is killed loses what it had read, and nothing that came after', async () => {
  const size = 40_000;
  const go = join(parent, 'go');
  const code = `import os, time\nprint("go")\nwhile not os.path.exists("${go}"): time.sleep(0.01)\nfor i in range(${size}):\n    print(i, "x" * 1000)`;
  const child = await windowThatPrinted('go', [code, '"next"']);
  const saved = (): unknown => onlyFolder().load('session.json');
  await expect.poll(saved, { timeout: 20_000 }).toMatchObject({ current: { place: 0 } });
  const much = new Promise<void>((resolve) => {
    let read = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > 1_000_000) resolve();
    });
  });
  writeFileSync(go, '');
  await much;
  await killed(child);
  const [cell, next] = [new Cell('0'), new Cell('1')];
  const session = attach({ 0: cell, 1: next });
  expect(await Promise.all([cell.end, next.end])).toEqual(['ok', 'ok']);
  const numbers = [...cell.printed.matchAll(/^(\d+) x{1000}$/gm)].map((match) => Number(match[1]));
  expect(numbers.at(-1)).toBe(size - 1);
  expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
  expect(numbers.length).toBeGreaterThan(1000);
  expect(next.state.result?.summary).toBe("'next'");
  expect(await run(session, '1').end).toBe('ok');
});

test('a cell that nobody has written down is waited for', async () => {
  const code = 'print("go")\nimport time\ntime.sleep(1)\ndone = True';
  await killed(await windowThatPrinted('go', [code]));
  const session = attach();
  expect(session.isBusy).toBe(true);
  const cell = run(session, 'done');
  expect(await cell.end).toBe('ok');
  expect(cell.state.result?.summary).toBe('True');
});

test('half a request of a window that died spoils nothing', async () => {
  const first = start();
  expect(await run(first, 'x = 1').end).toBe('ok');
  const requests = openSync(folderOf(first).file('requests'), constants.O_WRONLY);
  writeSync(requests, '{"type": "execute", "id": 99, "co');
  closeSync(requests);
  first.leave();
  const second = attach();
  const cell = run(second, 'x');
  expect(await cell.end).toBe('ok');
  expect(cell.state.result?.summary).toBe('1');
  expect(logs.join()).toMatch(/^request that is not JSON/);
});

test('without a window the kernel ends, with what its cells have started, and leaves nothing', async () => {
  const code =
    'import subprocess, time\nchild = subprocess.Popen(["sleep", "600"])\nprint("child", child.pid, "!")\ntime.sleep(600)';
  const child = await windowThatPrinted('!', [code], 1);
  const folder = onlyFolder();
  const pid = folder.livingKernel()?.pid as number;
  await killed(child);
  await expect.poll(() => existsSync(folder.path), { timeout: 20_000 }).toBe(false);
  await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
});

test('a cell whose end the dead window had heard is not run again', async () => {
  const first = start();
  const count = run(first, 'runs = globals().get("runs", 0) + 1');
  expect(await count.end).toBe('ok');
  first.leave();
  // As a window would leave it that died before it wrote the end down.
  const source = { code: 'runs += 100', filename: '/project/cell.py', line: 0 };
  const folder = onlyFolder();
  folder.save('session.json', { nextId: 2, current: { id: 1, source, place: 'cell' }, queue: [] });
  const cell = new Cell();
  const second = attach({ cell });
  expect(await cell.end).toBe('ok');
  const look = run(second, 'runs');
  await look.end;
  expect(look.state.result?.summary).toBe('1');
});

test('where no FIFO can be made the kernel lives on pipes, and ends with its window', async () => {
  const session = start({ keep: { folder: join(import.meta.filename, 'no folder'), key } });
  expect(session.folder).toBeNull();
  expect(await run(session, '1').end).toBe('ok');
  const pid = session.pid as number;
  session.leave();
  await session.end();
  expect(isRunning(pid)).toBe(false);
});

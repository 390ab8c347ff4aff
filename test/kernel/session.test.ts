import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { CellEvent, CellState } from '../../client/src/kernel/cellState.ts';
import { newCellState, printedText, reduceCell } from '../../client/src/kernel/cellState.ts';
import type { CellEnd } from '../../client/src/kernel/execution.ts';
import { KernelStartError } from '../../client/src/kernel/launchFailure.ts';
import type { InputRequest } from '../../client/src/kernel/messages.gen.ts';
import { Session } from '../../client/src/kernel/session.ts';
import type { SessionOptions } from '../../client/src/kernel/sessionOptions.ts';

const full = process.env['SMELT_TEST_PYTHON'] ?? 'python3';
const bare = process.env['SMELT_TEST_BARE_PYTHON'] ?? 'python3';
const runtime = join(import.meta.dirname, '../../python-runtime');

/** Folders of kernels: they talk through FIFOs, as in the editor. */
const kept = mkdtempSync(join(tmpdir(), 'smelt-kept-'));
let session: Session;
let ended: (string | null)[] = [];
afterEach(() => session.end());

function start(options: Partial<SessionOptions> = {}): Session {
  ended = [];
  session = new Session({
    interpreter: full,
    runtime,
    folder: tmpdir(),
    environment: {},
    keep: { folder: kept, key: 'file:///project/cell.py' },
    log: () => {},
    ended: (cause) => ended.push(cause),
    ...options,
  });
  return session;
}

interface Run {
  readonly end: Promise<CellEnd>;
  readonly events: CellEvent[];
  readonly state: CellState;
  /** Resolves with the first event of a type. */
  readonly first: (type: CellEvent['type']) => Promise<CellEvent>;
}

function run(code: string): Run {
  const waiting: { type: string; resolve: (event: CellEvent) => void }[] = [];
  const events: CellEvent[] = [];
  let state = newCellState;
  const end = session.execute({ code, filename: '/project/cell.py', line: 0 }, (event) => {
    events.push(event);
    state = reduceCell(state, event);
    for (const wait of waiting) if (wait.type === event.type) wait.resolve(event);
  });
  return {
    events,
    end,
    get state() {
      return state;
    },
    first: (type) => {
      const found = events.find((event) => event.type === type);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => waiting.push({ type, resolve }));
    },
  };
}

describe.each([
  ['with IPython', full, 'ipython'],
  ['with the standard library alone', bare, 'standard'],
])('a kernel %s', (_what, interpreter, shell) => {
  test('an event that nobody understands keeps nothing back', async () => {
    const told: string[] = [];
    start({ interpreter, log: (text) => told.push(text) });
    const cell = run(
      'import gc\n' +
        "channel = next(o for o in gc.get_objects() if type(o).__name__ == 'Channel')\n" +
        "print('before')\n" +
        "channel.send({'type': 'of a later version'})\n" +
        "print('behind')",
    );
    expect(await cell.end).toBe('ok');
    expect(printedText(cell.state)).toBe('before\nbehind\n');
    expect(told.join('\n')).toContain('of a later version');
  });

  test('runs cells in order and shares their names', async () => {
    start({ interpreter });
    const ready = await session.ready;
    if (process.env['SMELT_TEST_PYTHON'] !== undefined) expect(ready.shell).toBe(shell);
    const [a, b] = [run('x = 20'), run('x + 22')];
    expect(await Promise.all([a.end, b.end])).toEqual(['ok', 'ok']);
    expect(b.state.result?.summary).toBe('42');
    expect(b.state.executionCount).toBe(2);
    expect(b.events[0]).toEqual({ type: 'queued', ahead: 1 });
  });

  test('a cell that fails drops those behind it', async () => {
    start({ interpreter });
    const [a, b] = [run('1 / 0'), run('print("never")')];
    expect(await Promise.all([a.end, b.end])).toEqual(['error', 'cancelled']);
    expect(a.state.error?.ename).toBe('ZeroDivisionError');
    expect(printedText(b.state)).toBe('');
    expect(await run('1').end).toBe('ok');
  });

  test('a cell that waits can be dropped, and those behind it move up', async () => {
    start({ interpreter });
    const loop = run('print("go")\nwhile True: pass');
    const source = { code: 'print("never")', filename: '/project/cell.py', line: 0 };
    const dropped = session.execute(source, () => {});
    const last = run('1 + 1');
    expect(last.events.at(-1)).toEqual({ type: 'queued', ahead: 2 });
    await loop.first('output');
    session.drop(source);
    expect(await dropped).toBe('cancelled');
    expect(last.events.at(-1)).toEqual({ type: 'queued', ahead: 1 });
    session.interrupt();
    expect([await loop.end, await last.end]).toEqual(['interrupted', 'cancelled']);
  });

  test('an interrupt ends a busy loop, and a child that it waits for', async () => {
    start({ interpreter });
    const loop = run('print("go")\nwhile True: pass');
    await loop.first('output');
    session.interrupt();
    expect(await loop.end).toBe('interrupted');
    const child = run('import subprocess\nprint("go")\nsubprocess.run(["sleep", "600"])');
    await child.first('output');
    session.interrupt();
    expect(await child.end).toBe('interrupted');
    expect(await run('1').end).toBe('ok');
  });

  test('output, events and errors keep their order', async () => {
    start({ interpreter });
    const cell = run(
      'import os, sys\nfor i in range(300):\n    print("out", i)\n    print("err", i, file=sys.stderr)\nprint("end")\nos.write(1, b"raw\\n")\n1 / 0',
    );
    await cell.end;
    const wanted = Array.from({ length: 300 }, (_, i) => `out ${i}\nerr ${i}\n`).join('');
    expect(printedText(cell.state)).toBe(`${wanted}end\nraw\n`);
    const types = cell.events.map(({ type }) => type);
    expect(types.lastIndexOf('output')).toBeLessThan(types.indexOf('error'));
    expect(types.slice(-3)).toEqual(['error', 'report', 'done']);
  });

  test('input is asked for and answered', async () => {
    start({ interpreter });
    const cell = run('input("Name? ")');
    const question = (await cell.first('input_request')) as InputRequest;
    expect(question).toMatchObject({ prompt: 'Name? ' });
    session.answer(question, 'Ada');
    expect(cell.state.input, 'it goes on').toBeNull();
    expect(await cell.end).toBe('ok');
    expect(cell.state.result?.summary).toBe("'Ada'");
  });

  test('the answer to a cell that has ended is none to the next', async () => {
    start({ interpreter });
    const before = run('input("Name? ")');
    const old = (await before.first('input_request')) as InputRequest;
    session.interrupt();
    expect(await before.end).toBe('interrupted');
    const cell = run('input("Your name? ")');
    const question = (await cell.first('input_request')) as InputRequest;
    session.answer(old, null);
    session.answer(question, 'Ada');
    expect(await cell.end).toBe('ok');
    expect(cell.state.result?.summary).toBe("'Ada'");
  });

  test('20 MB of output arrive, and the end of them is kept', async () => {
    start({ interpreter });
    let characters = 0;
    let last = '';
    const end = await session.execute(
      {
        code: 'for i in range(20):\n    print("x" * 1_000_000)\nprint("the end")',
        filename: 'a.py',
        line: 0,
      },
      (event) => {
        if (event.type !== 'output') return;
        characters += event.text.length;
        last = (last + event.text).slice(-20);
      },
    );
    expect(end).toBe('ok');
    expect(characters).toBe(20 * 1_000_001 + 8);
    expect(last.endsWith('the end\n')).toBe(true);
  });
});

test('a kernel that is killed in the middle of a cell says so, and what it printed stays', async () => {
  start();
  const [cell, next] = [
    run('import sys, time\nsys.stdout.write("before\\n")\ntime.sleep(600)'),
    run('1'),
  ];
  await cell.first('output');
  process.kill(session.pid as number, 'SIGKILL');
  expect(await Promise.all([cell.end, next.end])).toEqual(['lost', 'cancelled']);
  expect(cell.state.cause).toMatch(/^The kernel was killed \(SIGKILL\)/);
  expect(printedText(cell.state)).toBe('before\n');
  expect(ended).toEqual([cell.state.cause]);
  expect(await run('1').end).toBe('lost');
});

test('a kernel that native code ends says where, and what the last words on stderr mean', async () => {
  start();
  const cell = run(
    'import os, sys\ndef go():\n    os.write(2, b"[metal::malloc] Resource limit (499000) exceeded.\\n")\n    os.abort()\ngo()',
  );
  expect(await cell.end).toBe('lost');
  expect(cell.state.death?.frames.map(({ line, name }) => [line, name]).slice(-2)).toEqual([
    [4, '<module>'],
    [3, 'go'],
  ]);
  expect(cell.state.cause).toMatch(
    /^The kernel was aborted \(SIGABRT\).*, at line 4 of cell\.py\. /,
  );
  expect(cell.state.cause).toContain('MLX holds 499000 live GPU buffers');
  expect(ended).toEqual([cell.state.cause]);
});

test('questions are answered between cells, and end with the kernel', async () => {
  start();
  await run('answer = 42').end;
  const asked = await session.ask({ type: 'variables', path: [] });
  expect(asked).toMatchObject({
    type: 'variables',
    variables: [{ name: 'answer', kind: 'value', text: '42' }],
  });
  const busy = run('import time\ntime.sleep(600)');
  await busy.first('started');
  const late = session.ask({ type: 'variables', path: [] });
  await session.end();
  expect(await late).toBeNull();
});

test('a profile arrives before the report of its cell', async () => {
  start();
  const events: string[] = [];
  let state = newCellState;
  const source = { code: 'x = 1\ny = x', filename: '/project/cell.py', line: 4 };
  await session.execute({ ...source, mode: 'profile' }, (event) => {
    events.push(event.type);
    state = reduceCell(state, event);
  });
  expect(events.slice(-3)).toEqual(['profile', 'report', 'done']);
  expect(state.profile?.lines.map(({ line }) => line)).toEqual([4, 5]);
});

test('a kernel that a cell ends is reported with its exit code', async () => {
  start();
  const cell = run('import os\nos._exit(7)');
  expect(await cell.end).toBe('lost');
  expect(cell.state.cause).toBe('The kernel left with exit code 7.');
});

test('an interrupt that comes before the cell has started is not lost', async () => {
  const session = start();
  await session.ready;
  // Stopped, the kernel cannot have read its request when the interrupt comes.
  const pid = session.pid as number;
  process.kill(pid, 'SIGSTOP');
  const cell = run('while True: pass');
  session.interrupt();
  process.kill(pid, 'SIGCONT');
  expect(await cell.end).toBe('interrupted');
});

test('ending a busy kernel takes its children along and is no accident', async () => {
  start();
  const cell = run(
    'import subprocess\nchild = subprocess.Popen(["sleep", "600"])\nprint(child.pid)\nchild.wait()',
  );
  const output = await cell.first('output');
  const child = Number(output.type === 'output' ? output.text : 0);
  await session.end();
  // Where nobody collects it, a dead process stays in the table as a zombie.
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(child)], { encoding: 'utf8' });
  expect(stdout.trim()).toMatch(/^(Z.*)?$/);
  expect(ended).toEqual([null]);
  expect(cell.state.cause).toBe('The kernel was restarted.');
});

test('the working folder and the variables are those of the editor', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'smelt-kernel-')));
  start({ folder, environment: { PYTORCH_ENABLE_MPS_FALLBACK: '1' } });
  const cell = run('import os\n[os.getcwd(), os.environ["PYTORCH_ENABLE_MPS_FALLBACK"]]');
  await cell.end;
  expect(cell.state.result?.summary).toBe(`['${folder}', '1']`);
});

describe('an interpreter that is none', () => {
  const refused = async (options: Partial<SessionOptions>): Promise<KernelStartError> => {
    const waiting = start(options);
    const cell = run('1');
    const error = await waiting.ready.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(await cell.end).toBe('cancelled');
    expect(error).toBeInstanceOf(KernelStartError);
    return error as KernelStartError;
  };

  test('does not exist', async () => {
    expect((await refused({ interpreter: '/no/such/python' })).message).toBe(
      '/no/such/python does not exist.',
    );
  });

  test('says something else', async () => {
    const error = await refused({ interpreter: '/bin/ls' });
    expect(error.message).toMatch(/^\/bin\/ls ended before it was ready \(exit code \d\)/);
  });

  test('never answers', async () => {
    const silent = join(mkdtempSync(join(tmpdir(), 'smelt-silent-')), 'python');
    writeFileSync(silent, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    const error = await refused({ interpreter: silent, startTimeout: 500 });
    expect(error.message).toBe(`${silent} was not ready after 1 seconds.`);
  });
});

test.skipIf(process.env['SMELT_TEST_PYTHON'] === undefined)(
  'real torch and MLX report their device (needs SMELT_TEST_PYTHON, which npm test sets)',
  async () => {
    start();
    const torch = run('import torch\nx = torch.ones(64, 64) @ torch.ones(64, 64)');
    await torch.end;
    expect(torch.state.report?.device).toMatch(/^(cpu|mps|cuda)$/);
    const mlx = run('import mlx.core as mx\ny = mx.ones((64, 64)) @ mx.ones((64, 64))');
    await mlx.end;
    expect(mlx.state.report).toMatchObject({
      device: expect.stringMatching(/^mlx (cpu|gpu)$/),
      unevaluated: 1,
    });
  },
  60_000,
);

test('a log of copies is asked of torch, and without MPS nothing is said of copies', async () => {
  start({ countsCopies: true });
  const cell = run(
    "import os, sys\nprint('to stderr', file=sys.stderr)\nos.environ['PYTORCH_MPS_LOG_PROFILE_INFO']",
  );
  await cell.end;
  expect(cell.state.result?.summary).toBe("'2'");
  expect(printedText(cell.state)).toBe('to stderr\n');
  expect(cell.state.report?.copies).toBeNull();
});

test.skipIf(process.platform !== 'darwin')(
  'copies to and from MPS are counted (needs a Mac; where its torch has no MPS nothing is said)',
  async () => {
    start({ countsCopies: true });
    await run('import torch\nhas_mps = torch.backends.mps.is_available()').end;
    await run("there = 'mps' if has_mps else 'cpu'\ntorch.ones(1, device=there).item()").end;
    const cell = run('x = torch.ones(1024, 1024)\ny = x.to(there)\nz = y.cpu()\nhas_mps');
    await cell.end;
    expect(printedText(cell.state)).toBe('');
    const copies = [
      { to: 'MPS', count: 1, bytes: 4_194_304 },
      { to: 'CPU', count: 1, bytes: 4_194_304 },
    ];
    expect(cell.state.report?.copies).toEqual(
      cell.state.result?.summary === 'True' ? copies : null,
    );
  },
  60_000,
);

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { percentCells } from '../client/src/cells/percentCells.ts';
import type { CellState } from '../client/src/kernel/cellState.ts';
import { newCellState, reduceCell } from '../client/src/kernel/cellState.ts';
import type { CellSource } from '../client/src/kernel/execution.ts';
import { Session } from '../client/src/kernel/session.ts';
import { findInterpreters, surroundings } from '../client/src/python/interpreters.ts';
import { reportLine } from '../client/src/views/reportLine.ts';
import { buildAll } from './build.ts';
import { fullPython } from './cache/pythonEnvironments.ts';
import { vscodeServer } from './cache/vscodeServer.ts';
import { folderUrl, startEditorServer } from './editorServer.ts';
import { packageExtension } from './packageExtension.ts';

const root = join(import.meta.dirname, '..');
const quickstart = join(root, 'test/workspaces/quickstart');

interface NamedCell {
  readonly name: string;
  readonly source: CellSource;
}

async function start(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--no-editor');
  if (unknown !== undefined) {
    console.error(`Unknown option ${unknown}. Usage: npm start -- [PATH] [--no-editor]`);
    return 2;
  }
  const given = args.find((arg) => !arg.startsWith('-'));
  const path = given === undefined ? quickstart : resolve(process.env.INIT_CWD ?? '.', given);
  if (!existsSync(path)) {
    console.error(`${path} does not exist.`);
    return 2;
  }
  await buildAll();
  console.log(`\nFindings in ${shortened(path)}\n`);
  const checked = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'check', path], {
    stdio: 'inherit',
  });
  if (checked.status !== 0 && checked.status !== 1) return 2;

  const own = given === undefined ? undefined : ownEnvironment(path);
  const interpreter = own ?? (await fullPython());
  console.log(`\nCells, run with ${interpreter}`);
  let stopped = false;
  process.on('SIGINT', () => {
    stopped = true;
  });
  for (const file of filesWithCells(path)) {
    if (stopped) break;
    await runFile(file, interpreter);
  }
  const quiet =
    args.includes('--no-editor') || process.env.CI !== undefined || !process.stdout.isTTY;
  if (!quiet && !stopped)
    await openEditor(statSync(path).isDirectory() ? path : dirname(path), interpreter);
  return 0;
}

/** A virtual environment of the folder is what its owner runs it with. */
function ownEnvironment(path: string): string | undefined {
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  return [...findInterpreters(surroundings([folder]))].find(({ origin }) =>
    origin.endsWith('of this folder'),
  )?.path;
}

const skipped = /(^|\/)(\.[^/]+|node_modules|__pycache__|venv|env|site-packages|build|dist)(\/|$)/;

function filesWithCells(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return globSync('**/*.{py,ipynb}', { cwd: path, exclude: (name) => skipped.test(name) })
    .sort()
    .map((file) => join(path, file))
    .filter((file) => file.endsWith('.ipynb') || cellsOfFile(file).length > 0);
}

function cellsOfFile(file: string): NamedCell[] {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.ipynb')) return cellsOfNotebook(file, text);
  const lines = text.split(/\r\n|\r|\n/);
  return percentCells(text).map(({ first, code, last }) => ({
    name: (lines[first] ?? '').replace(/^#\s*%%\s*/, '') || `line ${first + 1}`,
    source: { code: lines.slice(code, last + 1).join('\n'), filename: file, line: code },
  }));
}

function cellsOfNotebook(file: string, text: string): NamedCell[] {
  let cells: { cell_type?: string; source?: string | string[] }[];
  try {
    cells = (JSON.parse(text) as { cells?: typeof cells }).cells ?? [];
  } catch (error) {
    console.error(`${file} is not a notebook: ${(error as Error).message}`);
    return [];
  }
  return cells.flatMap((cell, index) =>
    cell.cell_type !== 'code'
      ? []
      : [
          {
            name: `cell ${index + 1}`,
            source: {
              code: [cell.source ?? ''].flat().join(''),
              filename: `${basename(file)}[${index + 1}]`,
              line: 0,
            },
          },
        ],
  );
}

async function runFile(file: string, interpreter: string): Promise<void> {
  const cells = cellsOfFile(file);
  if (cells.length === 0) return;
  console.log(`\n${shortened(file)}`);
  const session = new Session({
    interpreter,
    runtime: join(root, 'python-runtime'),
    folder: dirname(file),
    environment: { PYTORCH_ENABLE_MPS_FALLBACK: '1' },
    log: () => {},
    ended: () => {},
  });
  await session.ready;
  const stop = (): void => session.interrupt();
  process.on('SIGINT', stop);
  const width = Math.min(40, Math.max(...cells.map(({ name }) => name.length)));
  for (const { name, source } of cells) {
    let state: CellState = newCellState;
    const end = await session.execute(source, (event) => {
      state = reduceCell(state, event);
    });
    console.log(`  ${name.padEnd(width)}  ${reportLine(state)?.text ?? end}`);
    if (end !== 'ok') break;
  }
  process.off('SIGINT', stop);
  await session.end();
}

/** The desktop's VS Code when there is one, else one in the browser. */
async function openEditor(folder: string, interpreter: string): Promise<void> {
  if (spawnSync('code', ['--version'], { stdio: 'ignore' }).status === 0) {
    const opened = spawnSync(
      'code',
      ['--new-window', `--extensionDevelopmentPath=${root}`, folder],
      {
        stdio: 'inherit',
      },
    );
    if (opened.status === 0) return;
  }
  const server = await vscodeServer();
  const data = join(tmpdir(), `smelt-editor-${process.pid}`);
  const extension = join(data, 'smelt.vsix');
  await packageExtension(extension);
  const installed = spawnSync(
    process.execPath,
    [
      join(server, 'out/server-main.js'),
      '--install-extension',
      extension,
      ...['--server-data-dir', data],
      ...['--extensions-dir', join(data, 'extensions')],
    ],
    { encoding: 'utf8' },
  );
  if (installed.status !== 0) throw new Error(`Smelt could not be installed: ${installed.stderr}`);
  const editor = await startEditorServer({
    server,
    data,
    // Its cells were just run: whoever asked for that trusts the folder.
    flags: ['--disable-workspace-trust'],
    // So that cells of the folder run with the Python that was just shown.
    environment: { VIRTUAL_ENV: dirname(dirname(interpreter)) },
  });
  const url = folderUrl(editor, folder);
  console.log(`\nVS Code with Smelt: ${url}\nCtrl+C ends it.`);
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
  await new Promise<void>((done) => process.once('SIGINT', done));
  editor.stop();
  rmSync(data, { recursive: true, force: true });
}

const shortened = (path: string): string => {
  const inside = relative(root, path);
  return inside.startsWith('..') ? path : inside || '.';
};

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

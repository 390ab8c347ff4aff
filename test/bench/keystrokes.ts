import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ServerProcess } from '../lsp/serverProcess.ts';
import { quartiles } from './median.ts';

const lines = 2_000;

/** Milliseconds between two keystrokes of who types fast. */
const typing = 100;

/** Real rule examples and the quickstart, one after the other, until the file is long enough. */
function longFile(): string {
  const folder = join(import.meta.dirname, '../workspaces/quickstart');
  const sources = globSync('*.py', { cwd: folder })
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const text: string[] = [];
  for (let i = 0; text.length < lines; i += 1) {
    // Functions of their own, so that the file is like one that people write.
    const body = (sources[i % sources.length] ?? '').split('\n');
    text.push(
      `def part_${i}():`,
      ...body.map((line) => (line === '' ? '' : `    ${line}`)),
      '    return 1',
      '',
    );
  }
  return `${text.join('\n')}\n`;
}

/** Milliseconds from a keystroke in the middle of a long file to its findings. */
export async function measureKeystrokes(): Promise<{
  lines: number;
  findings: number;
  q1: number;
  median: number;
  q3: number;
  p95: number;
}> {
  const server = await ServerProcess.start();
  const uri = 'file:///project/long.py';
  let text = longFile();
  await server.open(uri, text);
  const findings = (await server.diagnostics(uri)).length;
  const samples: number[] = [];
  for (let version = 2; version < 62; version += 1) {
    const middle = text.indexOf('\n', text.length / 2);
    text = `${text.slice(0, middle)}#${text.slice(middle)}`;
    const before = text.slice(0, middle).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    await pause(typing);
    const start = performance.now();
    await server.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: position, end: position }, text: '#' }],
    });
    await server.diagnostics(uri, version);
    samples.push(performance.now() - start);
  }
  await server.stop();
  // The first ones warm the compiler up.
  return { lines: text.split('\n').length, findings, ...quartiles(samples.slice(10)) };
}

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { config } from './config.ts';
import { newFile, smelt, useInterpreter, when } from './editor.ts';
import { hasPage, inputAsks, shownInline, shownLens } from './page.ts';
import { m3Max, recordedMac, recordedProbe } from './recordedMac.ts';
import { inEveryTheme } from './themes.ts';

/** The header of a program for both kinds of Mac, built from <mach-o/fat.h>; it is never started. */
function universal(): Uint8Array {
  const header = new DataView(new ArrayBuffer(48));
  header.setUint32(0, 0xcafebabe);
  header.setUint32(4, 2);
  header.setUint32(8, 0x01000007);
  header.setUint32(28, 0x0100000c);
  return new Uint8Array(header.buffer);
}

/** An environment of such a Python. */
function universalEnvironment(): string {
  const environment = join(config.workspace, 'universal');
  const packages = join(environment, 'lib/python3.13/site-packages');
  mkdirSync(join(environment, 'bin'), { recursive: true });
  const torch = join(packages, 'torch-2.13.0.dist-info');
  mkdirSync(torch, { recursive: true });
  writeFileSync(join(torch, 'METADATA'), 'Metadata-Version: 2.1\nName: torch\nVersion: 2.13.0\n');
  writeFileSync(join(environment, 'pyvenv.cfg'), 'version = 3.13.1\n');
  const python = join(environment, 'bin/python');
  writeFileSync(python, universal());
  chmodSync(python, 0o755);
  return python;
}

/** arch(1), which writes down what it starts: Linux cannot run programs of macOS, and takes the Python that is here. */
function archHere(log: string): string {
  writeFileSync(join(config.workspace, 'recorded_mac.py'), recordedMac);
  const probe = join(config.workspace, 'recorded_probe.py');
  writeFileSync(probe, recordedProbe);
  const path = join(config.workspace, 'arch');
  writeFileSync(
    path,
    `#!/bin/sh
echo "$@" >> "${log}"
shift 2
if [ "$3" = probe ]; then exec "${config.python}" "${probe}"; fi
exec "${config.python}" "$@"
`,
  );
  chmodSync(path, 0o755);
  return path;
}

const cells = `# %% recorded: what a Mac answers
import recorded_mac
import torch

with recorded_mac.mps():
    weights = torch.ones(2048, 2048, device="mps")
# So long the GPU takes: 17.2 GFLOP in a little more than 3 ms.
recorded_mac.busy = 0.003

# %% product
product = weights @ weights
`;

/** GFLOP/s of 40 cores, each 128 fused multiply-adds at 1.398 GHz. */
const peak = 40 * 128 * 2 * 1.398;

/** A Python for both kinds of Mac, on one of Apple Silicon. */
export function universalPython(): void {
  describe('a universal Python on a recorded Mac', () => {
    let api: SmeltApi;
    let python: string;
    const log = join(config.workspace, 'arch.log');

    before(async () => {
      api = await smelt();
      python = universalEnvironment();
      api.recordMachine?.({ ...m3Max, asArm64: [archHere(log), '-arm64'] });
      await useInterpreter(python);
      await newFile('chip.py', cells);
    });
    after(async () => {
      api.recordMachine?.(null);
      await useInterpreter(config.python);
    });

    const started = (): string[] => readFileSync(log, 'utf8').trim().split('\n');

    it('is asked for its device as arm64, and has MPS', async () => {
      await when(
        'the device is known',
        () => api.deviceLabel() === 'MPS',
        api.onDidChangeDevice as vscode.Event<never>,
      );
      assert.equal(started()[0], `-arm64 ${python} -m smelt_runtime probe`);
      if (!hasPage()) return;
      const shown = vscode.commands.executeCommand('smelt.showDevice');
      await inputAsks("torch computes on MPS, the Mac's GPU.");
      await inEveryTheme('device-of-a-mac');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await shown;
    });

    it('is in the list with both architectures, and with Metal', async function () {
      if (!hasPage()) this.skip();
      const picked = vscode.commands.executeCommand('smelt.selectInterpreter');
      await inputAsks('Python 3.13.1 · x86_64 + arm64 · torch 2.13.0 · Metal');
      await inEveryTheme('universal-select');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await picked;
    });

    it('runs cells as arm64, which say what share of the chip they reach', async () => {
      const { document } = await newFile('chip.py', cells);
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'ok');
      assert.equal(
        started().at(-1)?.split(' ').slice(0, 5).join(' '),
        `-arm64 ${python} -m smelt_runtime kernel`,
      );
      // The cell may have ended before the device is known.
      const line = await when(
        'the line has a share',
        () => api.inlineLines(document.uri).find((text) => text.includes('%')),
        api.onDidChangeLines as vscode.Event<never>,
      );
      const [, rate, share] =
        /^✓ mps · [\d.]+ ms · ([\d.]+) TFLOP\/s \((\d+)% of M3 Max\)/.exec(line) ?? [];
      assert.ok(Math.abs(Number(share) - (1e5 * Number(rate)) / peak) <= 1, line);
      if (!hasPage()) return;
      await shownInline(`${share}% of M3 Max`);
      await shownLens('Run above');
      await inEveryTheme('share-of-the-chip');
    });
  });
}

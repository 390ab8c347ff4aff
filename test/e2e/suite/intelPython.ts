import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { SmeltApi } from '../../../client/src/extension.ts';
import { config } from './config.ts';
import { newFile, smelt, useInterpreter, when } from './editor.ts';
import { ask, hasPage, notification, shownInline } from './page.ts';
import { m3Max } from './recordedMac.ts';
import { inEveryTheme } from './themes.ts';

/** The header of a thin x86-64 program, built from <mach-o/loader.h>; it is never started. */
function machO(): Uint8Array {
  const header = new DataView(new ArrayBuffer(32));
  header.setUint32(0, 0xfeedfacf, true);
  header.setUint32(4, 0x01000007, true);
  return new Uint8Array(header.buffer);
}

/** An environment of such a Python that has one package, `steel`. */
function intelEnvironment(): string {
  const environment = join(config.workspace, 'intel');
  mkdirSync(join(environment, 'bin'), { recursive: true });
  mkdirSync(join(environment, 'lib/python3.11/site-packages/steel-1.0.dist-info'), {
    recursive: true,
  });
  writeFileSync(join(environment, 'pyvenv.cfg'), 'version = 3.11.7\n');
  const python = join(environment, 'bin/python');
  writeFileSync(python, machO());
  chmodSync(python, 0o755);
  return python;
}

/** A folder with the wheel of `steel`, which no index has. */
function wheels(): string {
  const folder = join(config.workspace, 'wheels');
  mkdirSync(folder, { recursive: true });
  const program = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    info = "steel-1.0.dist-info/"
    wheel.writestr("steel.py", "temper = 'tempered'\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: steel\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", f"steel.py,,\\n{info}METADATA,,\\n{info}WHEEL,,\\n{info}RECORD,,\\n")
`;
  const made = spawnSync(config.python, [
    '-c',
    program,
    join(folder, 'steel-1.0-py3-none-any.whl'),
  ]);
  assert.equal(made.status, 0, made.stderr.toString());
  return folder;
}

/** A program: the probe of an arm64 Python without torch and MLX. */
const recordedProbe = `
import platform
from smelt_runtime.probe import print_probe

platform.system = lambda: "Darwin"
platform.machine = lambda: "arm64"
print_probe()
`;

/**
 * uv, but for the build that it is asked for: Linux cannot run one of macOS, and takes the Python that is here,
 * which says arm64 when it is asked.
 */
function uvHere(log: string): string {
  const folder = join(config.workspace, 'uv');
  mkdirSync(folder, { recursive: true });
  const real = join(dirname(config.barePython), 'uv');
  const probe = join(folder, 'probe.py');
  writeFileSync(probe, recordedProbe);
  const python = join(folder, 'python');
  writeFileSync(
    python,
    `#!/bin/sh
here=$(dirname "$0")/here
if [ "$3" = probe ]; then exec "$here" "${probe}"; fi
exec "$here" "$@"
`,
  );
  chmodSync(python, 0o755);
  writeFileSync(
    join(folder, 'uv'),
    `#!/bin/sh
echo "$@" >> "${log}"
if [ "$1" != venv ]; then exec "${real}" "$@"; fi
"${real}" venv --python "${config.barePython}" "$4" || exit
mv "$4/bin/python" "$4/bin/here"
cp "${python}" "$4/bin/python"
`,
  );
  chmodSync(join(folder, 'uv'), 0o755);
  return folder;
}

/** An x86-64 Python on an Apple Silicon Mac: it is refused, and what replaces it is one click away. */
export function intelPython(): void {
  describe('an Intel Python on an Apple Silicon Mac', () => {
    let api: SmeltApi;
    let python: string;
    const log = join(config.workspace, 'uv.log');
    const environment = { ...process.env };

    before(async () => {
      api = await smelt();
      python = intelEnvironment();
      // What is there is left alone.
      mkdirSync(join(config.workspace, '.venv'), { recursive: true });
      Object.assign(process.env, {
        PATH: uvHere(log) + delimiter + process.env.PATH,
        UV_OFFLINE: '1',
        UV_FIND_LINKS: wheels(),
      });
      api.recordMachine?.(m3Max);
      await useInterpreter(python);
    });
    afterEach(() => vscode.commands.executeCommand('notifications.clearAll'));
    after(async () => {
      for (const name of ['PATH', 'UV_OFFLINE', 'UV_FIND_LINKS'] as const) {
        if (environment[name] === undefined) delete process.env[name];
        else process.env[name] = environment[name];
      }
      api.recordMachine?.(null);
      await useInterpreter(config.python);
    });

    it('is what the status bar says, and the device', async function () {
      await newFile('intel.py', '# %%\nimport steel\nsteel.temper\n');
      await when(
        'the device is known',
        () => api.deviceLabel() === 'x86',
        api.onDidChangeDevice as vscode.Event<never>,
      );
      if (!hasPage()) this.skip();
      const shown = vscode.commands.executeCommand('smelt.showDevice');
      await ask({ ask: 'waitForText', text: 'runs under Rosetta', within: '.quick-input-widget' });
      await inEveryTheme('intel-device');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await shown;
    });

    it('is what the list of interpreters says', async function () {
      if (!hasPage()) this.skip();
      await newFile('intel.py', '# %%\nimport steel\nsteel.temper\n');
      const picked = vscode.commands.executeCommand('smelt.selectInterpreter');
      await ask({
        ask: 'waitForText',
        text: 'x86_64 · neither torch nor MLX · Intel build: no Metal',
        within: '.quick-input-widget',
      });
      await inEveryTheme('intel-select');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await picked;
    });

    it('is replaced by hand where there is neither uv nor a native Python', async function () {
      if (!hasPage()) this.skip();
      const { PATH, HOME } = process.env;
      Object.assign(process.env, { PATH: '/nowhere', HOME: '/nowhere' });
      try {
        await newFile('intel.py', '# %%\nimport steel\nsteel.temper\n');
        assert.equal(await vscode.commands.executeCommand('smelt.makeEnvironment'), undefined);
      } finally {
        Object.assign(process.env, { PATH, HOME });
      }
      await notification('Install Miniforge for Apple Silicon');
      await inEveryTheme('intel-no-native', () => notification('Get Miniforge'));
    });

    it('is not started, and one click makes an arm64 environment with the same packages', async function () {
      if (!hasPage()) this.skip();
      const { document } = await newFile('intel.py', '# %%\nimport steel\nsteel.temper\n');
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'cancelled');
      assert.equal(api.kernelPid(document.uri), undefined);
      await notification('is an Intel (x86-64) Python');
      await inEveryTheme('intel-refused', () => notification('is an Intel (x86-64) Python'));
      await ask({
        ask: 'click',
        selector: '.notifications-center .monaco-button:has-text("Make arm64 Environment")',
      });
      await notification('.venv-arm64 from now on');
      await when(
        'the device is that of the new Python',
        () => api.deviceLabel() === 'CPU',
        api.onDidChangeDevice as vscode.Event<never>,
      );
      await inEveryTheme('intel-repaired', () => notification('.venv-arm64 from now on'));
      assert.deepEqual(readFileSync(log, 'utf8').split('\n').slice(0, 2), [
        `venv --python cpython-3.11-macos-aarch64-none ${join(config.workspace, '.venv-arm64')}`,
        `pip install --python ${join(config.workspace, '.venv-arm64/bin/python')} steel==1.0`,
      ]);
      await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
      assert.equal(await vscode.commands.executeCommand('smelt.runAllCells'), 'ok');
      assert.match(api.inlineLines(document.uri)[0] ?? '', /· 'tempered'$/);
      await shownInline('tempered');
    });
  });
}

import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { minimumMacos } from '../../server/src/binaries/buildVersion.ts';
import { readMacosVersion } from '../../server/src/files/machine.ts';
import { PythonEnvironments } from '../../server/src/files/pythonEnvironments.ts';
import { withVersions } from '../../server/src/semantics/targetOverrides.ts';
import { machO } from './machO.ts';
import { install, makeEnvironment, temporaryFolder, write } from './madeEnvironment.ts';

// Built from <mach-o/loader.h>: no Mac was asked.

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

test('the oldest macOS of a library, as its load commands say it', () => {
  const segment = { command: 0x19, words: [1, 2, 3, 4] };
  const built = { command: 0x32, words: [1, (14 << 16) | (2 << 8), 15 << 16, 0] };
  const old = { command: 0x24, words: [(10 << 16) | (15 << 8), 11 << 16] };
  expect(minimumMacos(machO('arm64', [segment, built]))).toBe('14.2');
  expect(minimumMacos(machO('x86_64', [old]))).toBe('10.15');
  expect(minimumMacos(machO('arm64', [segment]))).toBeNull();
  expect(minimumMacos(machO('arm64', [segment, built]).subarray(0, 40))).toBeNull();
  expect(minimumMacos(machO('arm64', [{ command: 0x19, words: [], size: 0 }, built]))).toBeNull();
  expect(
    minimumMacos(new TextEncoder().encode('\x7fELF, and nothing of Apple’s in it at all')),
  ).toBeNull();
  expect(minimumMacos(new Uint8Array(0))).toBeNull();
});

test('the version of macOS', () => {
  const plist = (version: string): string =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>\n\t<key>ProductBuildVersion</key>\n\t<string>24A335</string>\n\t<key>ProductVersion</key>\n\t<string>${version}</string>\n</dict></plist>\n`;
  const path = join(folder, 'SystemVersion.plist');
  write(path, plist('15.0.1'));
  expect(readMacosVersion(path)).toBe('15.0.1');
  write(path, plist('10.16'));
  expect(readMacosVersion(path)).toBeNull();
  write(path, 'bplist00');
  expect(readMacosVersion(path)).toBeNull();
  expect(readMacosVersion(join(folder, 'none'))).toBeNull();
});

test('interpreter and wheels, on a Mac only', () => {
  const prefix = join(folder, '.venv');
  const packages = makeEnvironment(prefix);
  install(packages, 'torch', '2.15.0', 'cp312-none-macosx_14_0_arm64');
  write(join(prefix, 'bin/python'), machO('x86_64', []));
  write(
    join(packages, 'torch/lib/libtorch_cpu.dylib'),
    machO('arm64', [{ command: 0x32, words: [1, 15 << 16, 15 << 16, 0] }]),
  );
  const around = { variables: {}, home: folder, temporary: dirname(folder) };
  const mac = new PythonEnvironments(around, { appleSilicon: true, macos: '14.6' });
  const environment = mac.of(folder, null);
  expect(environment).toEqual({
    versions: { torch: '2.15.0' },
    python: '3.12.4',
    mac: {
      macos: '14.6',
      interpreter: ['x86_64'],
      builds: {
        torch: {
          tags: ['cp312-none-macosx_14_0_arm64'],
          architectures: ['arm64'],
          minimumMacos: '15.0',
        },
      },
    },
  });
  const elsewhere = new PythonEnvironments(around, { appleSilicon: false, macos: null });
  expect(elsewhere.of(folder, null)).toEqual({ versions: { torch: '2.15.0' }, python: '3.12.4' });

  expect(withVersions(environment, {})).toBe(environment);
  const target = withVersions(environment, { torch: '2.8', mlx: '0.30.0' });
  expect(target.versions).toEqual({ torch: '2.8', mlx: '0.30.0' });
  expect(target.mac).toEqual({ macos: '14.6', interpreter: ['x86_64'], builds: {} });
});

import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const temporaryFolder = (): string =>
  realpathSync(mkdtempSync(join(tmpdir(), 'smelt-files-')));

export function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A virtual environment as `python -m venv` lays it out, without a Python. Its site-packages. */
export function makeEnvironment(prefix: string, configuration = 'version = 3.12.4\n'): string {
  write(join(prefix, 'pyvenv.cfg'), configuration);
  const packages = join(prefix, 'lib/python3.12/site-packages');
  mkdirSync(packages, { recursive: true });
  return packages;
}

/** What pip leaves of an installed package; its dist-info folder. */
export function install(packages: string, name: string, version: string, wheel?: string): string {
  const info = join(packages, `${name.replace(/[-.]/g, '_')}-${version}.dist-info`);
  write(
    join(info, 'METADATA'),
    `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\nSummary: x\n\nName: other\n`,
  );
  if (wheel !== undefined) write(join(info, 'WHEEL'), `Wheel-Version: 1.0\nTag: ${wheel}\n`);
  return info;
}

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../.scripts/cache/cacheFolder.ts';
import { runCommand } from '../../.scripts/runCommand.ts';
import type { CorpusPackage } from './packages.ts';

/**
 * The folder with one folder of unpacked sources for each package, downloaded once.
 * @param python an interpreter with pip, which checks the hashes
 */
export async function downloadCorpus(
  packages: readonly CorpusPackage[],
  python: string,
): Promise<string> {
  const pins = packages.map(
    ({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}`,
  );
  const key = createHash('sha256').update(pins.join('\n')).digest('hex').slice(0, 8);
  return cached(`corpus-${key}`, async (folder) => {
    console.error(`Downloading ${packages.length} packages to read…`);
    const requirements = join(folder, 'requirements.txt');
    const wheels = join(folder, 'wheels');
    mkdirSync(wheels);
    writeFileSync(requirements, `${pins.join('\n')}\n`);
    await runCommand(python, [
      ...['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check'],
      ...['--no-deps', '--require-hashes', '--only-binary=:all:', '--dest', wheels],
      // One wheel for everybody: the sources in it are the same on every platform.
      ...['--python-version', '3.11', '--platform', 'any', '--platform', 'manylinux_2_28_x86_64'],
      ...['--requirement', requirements],
    ]);
    for (const wheel of readdirSync(wheels).sort()) {
      const name = wheel.slice(0, wheel.indexOf('-')).replaceAll('_', '-');
      await runCommand(python, ['-m', 'zipfile', '-e', join(wheels, wheel), join(folder, name)]);
    }
    rmSync(wheels, { recursive: true });
  });
}

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Tools that every environment has by itself. */
const tools = new Set(['pip', 'setuptools', 'wheel', 'uv']);

/**
 * What is installed in the virtual environment of an interpreter as `name==version`, read from the names
 * of its dist-info folders. What was installed from a folder or an address is left out: its name on the
 * index may be another project's. Empty for an interpreter outside an environment.
 */
export function pinnedPackages(interpreter: string): string[] {
  const prefix = dirname(dirname(interpreter));
  if (!names(prefix).includes('pyvenv.cfg')) return [];
  const folders = names(join(prefix, 'lib'))
    .filter((name) => /^python3\.\d+t?$/.test(name))
    .map((name) => join(prefix, 'lib', name, 'site-packages'));
  return [...folders, join(prefix, 'Lib', 'site-packages')].flatMap(pinsIn).sort();
}

function pinsIn(folder: string): string[] {
  return names(folder).flatMap((entry) => {
    const match = /^([A-Za-z0-9][\w.]*)-([^-]+)\.dist-info$/.exec(entry);
    if (match === null || tools.has((match[1] as string).toLowerCase())) return [];
    if (existsSync(join(folder, entry, 'direct_url.json'))) return [];
    // A local version (+cpu, +cu121) is another build of the same release.
    return [`${(match[1] as string).replaceAll('_', '-')}==${(match[2] as string).split('+')[0]}`];
  });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

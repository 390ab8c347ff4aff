import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { valid } from '@renovatebot/pep440';
import { distributions } from '../tables/distributions.ts';

/** A package that is installed. */
export interface Distribution {
  readonly version: string;
  /** Its dist-info folder; null for one that has none, such as an old editable installation. */
  readonly info: string | null;
  /** The folder that its modules lie in. */
  readonly sitePackages: string;
}

/** PEP 503: how names of distributions are compared. */
const normaliseName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();

/**
 * The distributions of the table that are installed in these folders; the first folder wins. What is
 * broken or installed twice in one folder is left out: nobody knows which one Python gets.
 */
export function installedDistributions(
  sitePackages: readonly string[],
): ReadonlyMap<string, Distribution> {
  const found = new Map<string, Distribution>();
  for (const folder of sitePackages) {
    const here = new Map<string, Distribution | null>();
    for (const entry of entriesOf(folder)) {
      const name = nameOf(entry);
      if (name === null || !distributions.has(name)) continue;
      const distribution = readDistribution(folder, entry, name);
      if (distribution === null) continue;
      const other = here.get(name);
      here.set(
        name,
        other === undefined || other?.version === distribution.version ? distribution : null,
      );
    }
    for (const [name, distribution] of here)
      if (distribution !== null && !found.has(name)) found.set(name, distribution);
  }
  return found;
}

/** `torch-2.13.0+cpu.dist-info`, `torch-2.1.0-py3.11.egg-info`, `torch.egg-link`; pip's leftovers begin with `~`. */
function nameOf(entry: string): string | null {
  const match = /^([A-Za-z0-9][\w.]*?)(?:-[^-].*)?\.(?:dist-info|egg-info|egg-link)$/.exec(entry);
  return match === null ? null : normaliseName(match[1] as string);
}

function readDistribution(folder: string, entry: string, name: string): Distribution | null {
  if (entry.endsWith('.egg-link')) {
    // Its first line is the source folder, which holds the egg-info.
    const source = read(join(folder, entry))?.split(/\r?\n/)[0]?.trim();
    if (!source) return null;
    const info = entriesOf(source).find(
      (each) => each.endsWith('.egg-info') && nameOf(each) === name,
    );
    return info === undefined
      ? null
      : fromMetadata(read(join(source, info, 'PKG-INFO')), null, source, name);
  }
  const path = join(folder, entry);
  if (entry.endsWith('.dist-info'))
    return fromMetadata(read(join(path, 'METADATA')), path, folder, name);
  return fromMetadata(read(join(path, 'PKG-INFO')) ?? read(path), null, folder, name);
}

/** The headers of METADATA end with the first empty line. */
function fromMetadata(
  text: string | null,
  info: string | null,
  sitePackages: string,
  name: string,
): Distribution | null {
  if (text === null) return null;
  const headers = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const version = valid(/^Version:[ \t]*(\S+)[ \t]*\r?$/im.exec(headers)?.[1]);
  const stated = /^Name:[ \t]*(\S+)[ \t]*\r?$/im.exec(headers)?.[1];
  if (version === null || stated === undefined || normaliseName(stated) !== name) return null;
  return { version, info, sitePackages };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCommandsLength, minimumMacos } from '../binaries/buildVersion.ts';
import { architecturesOf } from '../binaries/machO.ts';
import type { NativeBuild } from '../semantics/target.ts';
import { nativeLibraries } from '../tables/distributions.ts';
import { fileStart } from './fileStart.ts';
import type { Distribution } from './installedDistributions.ts';

/** What a distribution with native code was built for: the tags of its wheel, and its main library. */
export function nativeBuild(name: string, { info, sitePackages }: Distribution): NativeBuild {
  const start = (nativeLibraries[name] ?? [])
    .map((library) => fileStart(join(sitePackages, library), loadCommandsLength))
    .find((bytes) => bytes !== null);
  return {
    tags: info === null ? [] : wheelTags(join(info, 'WHEEL')),
    architectures: start === undefined ? null : architecturesOf(start),
    minimumMacos: start === undefined ? null : minimumMacos(start),
  };
}

function wheelTags(path: string): string[] {
  try {
    return [...readFileSync(path, 'utf8').matchAll(/^Tag:[ \t]*(\S+)/gm)].map(
      (match) => match[1] as string,
    );
  } catch {
    return [];
  }
}

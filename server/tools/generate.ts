import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Generated, Generator } from './generators/generator.ts';
import { kernelMessages } from './generators/kernelMessages.ts';
import { mlxCounterparts } from './generators/mlxCounterparts.ts';
import { mpsOperators } from './generators/mpsOperators.ts';
import { packageJson } from './generators/packageJson.ts';
import { readme } from './generators/readme.ts';
import { registry } from './generators/registry.ts';
import { rulePages } from './generators/rulePages.ts';
import { settingsSchema } from './generators/settingsSchema.ts';

export const generators: readonly Generator[] = [
  kernelMessages,
  registry,
  rulePages,
  mlxCounterparts,
  mpsOperators,
  settingsSchema,
  packageJson,
  readme,
];

export interface Outcome {
  /** Files, relative to the root, that were not as generated. */
  readonly stale: readonly string[];
  readonly problems: readonly string[];
}

/** Brings the generated files of the checkout `root` up to date; with `check`, only says which are not. */
export async function generate(
  root: string,
  list: readonly Generator[],
  check: boolean,
): Promise<Outcome> {
  const stale: string[] = [];
  const problems: string[] = [];
  for (const { label, generate: run } of list) {
    let generated: Generated;
    try {
      generated = await run(root);
    } catch (error) {
      // One that cannot run must not keep the others from it.
      problems.push(`${label}: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const { files, ownedFolder, problems: found = [] } = generated;
    problems.push(...found);
    for (const [file, text] of files) {
      const path = join(root, file);
      if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
      stale.push(file);
      if (check) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    for (const file of leftOvers(root, ownedFolder, files)) {
      stale.push(file);
      if (!check) rmSync(join(root, file));
    }
  }
  return { stale, problems };
}

function leftOvers(
  root: string,
  folder: string | undefined,
  files: ReadonlyMap<string, string>,
): string[] {
  if (folder === undefined) return [];
  return globSync(`${folder}/*`, { cwd: root })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => !files.has(file));
}

async function main(): Promise<void> {
  const root = resolve(import.meta.dirname, '../..');
  const check = process.argv.includes('--check');
  const { stale, problems } = await generate(root, generators, check);
  for (const problem of problems) console.error(problem);
  for (const file of stale)
    console.log(`${check ? 'out of date' : 'written'}: ${relative('.', join(root, file))}`);
  if (check && stale.length > 0) console.error('Run `npm run generate` and commit what it writes.');
  if (problems.length > 0 || (check && stale.length > 0)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();

import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Rule, RuleMeta } from '../src/rules/rule.ts';

/** A rule's two files, read. */
export interface RulePair {
  readonly meta: RuleMeta;
  /** Folder name below `server/src/rules`. */
  readonly family: string;
  /** The page as written, with test markers. */
  readonly page: string;
}

export interface RuleFolder {
  /** Sorted by code. */
  readonly pairs: readonly RulePair[];
  readonly problems: readonly string[];
}

const rulesFolder = 'server/src/rules';
const ruleName = /^[a-z0-9]+(?:-[a-z0-9]+)+$/;
const ruleCode = /^(?:MPS|MLX)\d{3}$/;

/** Imports every `<family>/<rule-name>.ts` that has its `.md`; halves of a pair are problems. */
export async function readRuleFolder(root: string): Promise<RuleFolder> {
  const pairs: RulePair[] = [];
  const problems: string[] = [];
  const stems = globSync('*/*.{ts,md}', { cwd: join(root, rulesFolder) })
    .map((file) => file.replace(/\.(?:ts|md)$/, ''))
    .filter((stem) => ruleName.test(basename(stem)));
  for (const stem of [...new Set(stems)].sort()) {
    const path = join(root, rulesFolder, stem);
    const missing = ['.ts', '.md'].find((extension) => !existsSync(path + extension));
    if (missing !== undefined) {
      problems.push(
        `${rulesFolder}/${stem}${missing} is missing: a rule is a .ts and a .md side by side.`,
      );
      continue;
    }
    const loaded = (await import(pathToFileURL(`${path}.ts`).href)) as { rule?: Rule };
    if (loaded.rule === undefined) {
      problems.push(`${rulesFolder}/${stem}.ts has no \`export const rule\`.`);
      continue;
    }
    const page = readFileSync(`${path}.md`, 'utf8');
    problems.push(...problemsOf(loaded.rule.meta, stem, page));
    pairs.push({ meta: loaded.rule.meta, family: dirname(stem), page });
  }
  pairs.sort((a, b) => (a.meta.code < b.meta.code ? -1 : 1));
  pairs.forEach(({ meta }, index) => {
    const next = pairs[index + 1]?.meta;
    if (next?.code === meta.code)
      problems.push(`${meta.name} and ${next.name} both have the code ${meta.code}.`);
  });
  return { pairs, problems };
}

function problemsOf(meta: RuleMeta, stem: string, page: string): string[] {
  const problems: string[] = [];
  const file = `${rulesFolder}/${stem}`;
  if (meta.name !== basename(stem))
    problems.push(`${file}.ts calls its rule "${meta.name}": use the file's name.`);
  if (!ruleCode.test(meta.code))
    problems.push(`${file}.ts has the code "${meta.code}": expected MPS or MLX and three digits.`);
  if (meta.summary.endsWith('.'))
    problems.push(`${file}.ts: the summary ends with a period; leave it out.`);
  const title = `# ${meta.name} (${meta.code})`;
  if (!page.startsWith(`${title}\n`))
    problems.push(`${file}.md must begin with the line "${title}".`);
  return problems;
}

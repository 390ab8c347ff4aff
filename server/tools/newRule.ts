import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const usage =
  'Usage: npm run new-rule -- <family> <rule-name> <CODE>, such as: timing clock-across-threads MPS404';

/** Writes the two files of a new rule below `root`; returns their paths. Throws one sentence on wrong input. */
export function newRule(root: string, family: string, name: string, code: string): string[] {
  if (!/^[a-z][a-z-]*$/.test(family))
    throw new Error(`"${family}" is no family: use lower-case letters and dashes. ${usage}`);
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(name)) {
    throw new Error(
      `"${name}" is no rule name: use kebab-case that reads as the thing found. ${usage}`,
    );
  }
  if (!/^(?:MPS|MLX)\d{3}$/.test(code))
    throw new Error(`"${code}" is no code: use MPS or MLX and three digits. ${usage}`);
  const folder = join(root, 'server/src/rules', family);
  const files = new Map([
    [join(folder, `${name}.ts`), ruleText(name, code)],
    [join(folder, `${name}.md`), pageText(name, code)],
  ]);
  const existing = [...files.keys()].find((file) => existsSync(file));
  if (existing !== undefined) throw new Error(`${existing} exists already: choose another name.`);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of files) writeFileSync(file, text);
  return [...files.keys()];
}

const ruleText = (name: string, code: string): string => `import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: '${name}',
    code: '${code}',
    severity: 'warning',
    summary: 'One sentence that says what is found',
    since: '0.1.0',
    fix: 'none',
  },
  // A handler for each kind of fact (server/src/semantics/facts.ts) that the rule looks at.
  words: /mps/,
  on: {},
};
`;

const pageText = (name: string, code: string): string => `# ${name} (${code})

## What it does

What it finds, and how far it follows the program to find it.

## Why is this bad?

What happens on this Mac: the error or the number that a person meets.

## Example

\`\`\`python
import torch

x = torch.zeros(3)  #! ${code} "part of the message"
\`\`\`

## Use instead

\`\`\`python
import torch

x = torch.zeros(3)
\`\`\`

## More cases

## References

- [Where this is documented or was met](https://github.com/)
`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [family, name, code] = process.argv.slice(2);
  try {
    if (family === undefined || name === undefined || code === undefined) throw new Error(usage);
    const files = newRule(resolve(import.meta.dirname, '../..'), family, name, code);
    console.log(`${files.join('\n')}\nNow: fill both, then \`npm run generate\`.`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}

import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** What each part may import besides itself: the table of ARCHITECTURE.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'server/src/syntax': [],
  'server/src/tables': [],
  'server/src/semantics': ['server/src/syntax', 'server/src/tables'],
  'server/src/rules': ['server/src/syntax', 'server/src/semantics', 'server/src/tables'],
  'server/src/engine': [
    'server/src/syntax',
    'server/src/semantics',
    'server/src/tables',
    'server/src/rules',
  ],
  'server/src/protocol': [],
  'server/src/binaries': [],
  'server/src/files': [
    'server/src/syntax',
    'server/src/semantics',
    'server/src/tables',
    'server/src/rules',
    'server/src/engine',
    'server/src/binaries',
  ],
  'server/src/lsp': [
    'server/src/syntax',
    'server/src/semantics',
    'server/src/rules',
    'server/src/engine',
    'server/src/files',
    'server/src/tables',
    'server/src/protocol',
  ],
  'server/src/cli': [
    'server/src/syntax',
    'server/src/semantics',
    'server/src/rules',
    'server/src/engine',
    'server/src/files',
  ],
  client: ['server/src/protocol', 'server/src/binaries'],
};

/** Packages that only some parts may import. */
const packages: readonly (readonly [pattern: RegExp, parts: readonly string[]])[] = [
  [/^vscode$/, ['client']],
  [/^vscode-languageclient/, ['client']],
  [/^vscode-languageserver(\/|$|-textdocument)/, ['server/src/lsp', 'server/src/main.ts']],
  [/^vscode-languageserver-protocol/, ['server/src/protocol', 'server/src/lsp']],
  [
    /^(node:)?(fs|path|os|process|child_process|worker_threads|net|http|https|url|util|readline|stream|events)(\/|$)/,
    [
      'server/src/files',
      'server/src/lsp',
      'server/src/cli',
      'server/src/main.ts',
      'server/src/cli.ts',
      'server/src/cliProgram.ts',
      'server/src/runCompiled.ts',
      'client',
    ],
  ],
];

interface Import {
  readonly file: string;
  readonly target: string;
}

const sources = globSync(['server/src/**/*.ts', 'client/src/**/*.ts'], { cwd: root }).sort();

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern =
    /^\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = (match[1] ?? match[2] ?? match[3]) as string;
    const target = specifier.startsWith('.')
      ? relative(root, join(root, dirname(file), specifier))
      : specifier;
    return { file, target };
  });
}

const partOf = (file: string): string | undefined =>
  [...Object.keys(allowed)].find((part) => file === part || file.startsWith(`${part}/`));

const imports = sources.flatMap(importsOf);

test('there is something to check', () => {
  expect(imports.length).toBeGreaterThan(100);
});

test('every part imports only what the table allows', () => {
  const wrong = imports.filter(({ file, target }) => {
    const part = partOf(file);
    if (part === undefined || !/^(server|client)\//.test(target)) return false;
    const targets = [part, ...(allowed[part] as readonly string[])];
    return !targets.some(
      (allowedTarget) => target === allowedTarget || target.startsWith(`${allowedTarget}/`),
    );
  });
  expect(wrong).toEqual([]);
});

test('packages are imported only where they belong', () => {
  const wrong = imports.filter(({ file, target }) =>
    packages.some(
      ([pattern, parts]) =>
        pattern.test(target) && !parts.some((part) => file === part || file.startsWith(`${part}/`)),
    ),
  );
  expect(wrong).toEqual([]);
});

test('no import cycles', () => {
  const graph = new Map<string, string[]>();
  for (const { file, target } of imports) graph.set(file, [...(graph.get(file) ?? []), target]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  expect(cycles).toEqual([]);
});

test('files stay readable: 400 lines, four folders deep, called after what they do', () => {
  const written = [
    ...sources,
    ...globSync(
      ['server/tools/**/*.ts', 'test/**/*.ts', '.scripts/**/*.ts', 'python-runtime/**/*.py'],
      { cwd: root },
    ),
  ].filter((file) => !file.includes('.gen.') && !file.includes('/workspaces/'));
  const tooLong = written.filter(
    (file) => readFileSync(join(root, file), 'utf8').split('\n').length > 401,
  );
  const tooDeep = sources.filter((file) => (file.split('/src/')[1] ?? '').split('/').length > 5);
  const vague = written.filter((file) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.)/.test(file));
  expect({ tooLong, tooDeep, vague }).toEqual({ tooLong: [], tooDeep: [], vague: [] });
});

test('the analyser is pure: no clocks, no randomness, no environment', () => {
  const pure = ['syntax', 'semantics', 'tables', 'rules', 'engine', 'binaries'].map(
    (part) => `server/src/${part}/`,
  );
  const wrong = sources.filter(
    (file) =>
      pure.some((part) => file.startsWith(part)) &&
      /\b(Date\.now|new Date|performance\.now|Math\.random|process\.)/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
  );
  expect(wrong).toEqual([]);
});

test('only the six fixed folders and dot-folders are at the top', () => {
  const folders = globSync('*/', { cwd: root }).map((folder) => folder.replace(/\/$/, ''));
  const generated = ['node_modules', 'dist', 'test-results'];
  expect(folders.filter((folder) => !generated.includes(folder)).sort()).toEqual([
    'client',
    'python-runtime',
    'server',
    'syntaxes',
    'test',
  ]);
});

import type {
  Architecture,
  Environment,
  Mac,
  NativeBuild,
} from '../../server/src/semantics/target.ts';

/** Languages of blocks, and the file that such a text would be in. */
const paths: Readonly<Record<string, string>> = {
  python: 'example.py',
  sh: 'example.sh',
  dotenv: '.env',
  dockerfile: 'Dockerfile',
  json: '.vscode/launch.json',
  toml: 'pyproject.toml',
  yaml: '.github/workflows/test.yml',
  'pip-requirements': 'requirements.txt',
};

/** A block of code of a rule page; CONTRIBUTING.md describes the format. */
export interface PageBlock {
  /** "Example", "Use instead", "Fix", "More cases". */
  readonly section: string;
  /** 1-based line of the first code line in the page. */
  readonly line: number;
  readonly code: string;
  /** The file that it would be in. */
  readonly path: string;
  /** Settings after the language, such as `torch=2.4.1`. */
  readonly environment: Environment;
  readonly expected: readonly ExpectedFinding[];
}

export interface ExpectedFinding {
  /** 0-based line in the block. */
  readonly line: number;
  readonly code: string;
  /** null when the page does not say. */
  readonly severity: string | null;
  /** Part of the message; "" when the page does not say. */
  readonly message: string;
}

const fence = /^```([a-z-]+)(?: (.*))?\n([\s\S]*?)^```$/gm;
const marker = /\s*#! ([A-Z]+\d+)(?: (error|warning|info|hint))?(?: "([^"]*)")?/g;

/** Every block of code of the page, with the markers taken out of its code. */
export function readAllBlocks(page: string): PageBlock[] {
  return [...page.matchAll(fence)].flatMap((match) => {
    const path = paths[match[1] as string];
    if (path === undefined) return [];
    const before = page.slice(0, match.index);
    const section = /^## (.+)$/gm;
    const headings = [...before.matchAll(section)];
    const expected: ExpectedFinding[] = [];
    const lines = (match[3] as string).split('\n').map((text, line) => {
      for (const found of text.matchAll(marker)) {
        const [, code = '', severity = null, message = ''] = found;
        expected.push({ line, code, severity, message });
      }
      return text.replaceAll(marker, '');
    });
    return {
      section: headings.at(-1)?.[1] ?? '',
      line: before.split('\n').length + 1,
      code: lines.join('\n'),
      environment: environmentOf(match[2] ?? ''),
      path,
      expected,
    };
  });
}

/** Every Python block of the page. */
export const readBlocks = (page: string): PageBlock[] =>
  readAllBlocks(page).filter(({ path }) => path.endsWith('.py'));

export function headingsOf(page: string): string[] {
  return [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1] as string);
}

/**
 * `torch=2.4.1 python=3.9` are versions; `macos=14.6`, `interpreter=x86_64`, `torch-built-for=x86_64`,
 * `torch-needs-macos=15.0` and `torch-wheel=TAG` are facts about a Mac.
 */
function environmentOf(settings: string): Environment {
  const versions: Record<string, string> = {};
  const builds: Record<string, NativeBuild> = {};
  let mac: Mac | null = null;
  let python: string | null = null;
  const onMac = (change: Partial<Mac>): void => {
    mac = { macos: null, interpreter: null, builds, ...mac, ...change };
  };
  const build = (name: string, change: Partial<NativeBuild>): void => {
    const none: NativeBuild = { tags: [], architectures: null, minimumMacos: null };
    builds[name] = { ...none, ...builds[name], ...change };
    onMac({});
  };
  for (const setting of settings.split(' ').filter((each) => each !== '')) {
    const [name = '', value = ''] = setting.split('=');
    const [library = '', fact] = name.split(/-(?=built-for|needs-macos|wheel)/);
    if (name === 'python') python = value;
    else if (name === 'macos') onMac({ macos: value });
    else if (name === 'interpreter') onMac({ interpreter: [value as Architecture] });
    else if (fact === 'built-for') build(library, { architectures: [value as Architecture] });
    else if (fact === 'needs-macos') build(library, { minimumMacos: value });
    else if (fact === 'wheel') build(library, { tags: [value] });
    else versions[name] = value;
  }
  return { versions, ...(python === null ? {} : { python }), ...(mac === null ? {} : { mac }) };
}

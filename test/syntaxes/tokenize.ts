import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const root = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

interface GrammarEntry {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

/** The grammars as package.json contributes them, so that what is not contributed is not tested. */
const contributed = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    contributes: { grammars?: readonly GrammarEntry[] };
  }
).contributes.grammars;

export const stubPython = join(import.meta.dirname, 'python-stub.tmLanguage.json');

/** VS Code's own Python grammar from the downloaded test editor; null before its download. */
export function realPython(): string | null {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folders = [join(cache, 'smelt'), join(homedir(), 'Library/Caches/smelt')].filter((folder) =>
    existsSync(folder),
  );
  for (const cwd of folders) {
    // Not `**`: virtual environments with ten thousands of files lie beside it.
    const [found] = globSync(
      [
        '*',
        '*/node_modules/code-server/lib/vscode',
        '*/lib/vscode',
        '*/*/Contents/Resources/app',
      ].map((place) => `${place}/extensions/python/syntaxes/MagicPython.tmLanguage.json`),
      { cwd },
    );
    if (found !== undefined) return join(cwd, found);
  }
  return null;
}

export interface Token {
  readonly text: string;
  /** Outermost first, joined by spaces. */
  readonly scopes: string;
}

let engine: Promise<textmate.IOnigLib> | undefined;

async function loadEngine(): Promise<textmate.IOnigLib> {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(
    wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer,
  );
  return {
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  };
}

export type Tokenize = (text: string) => Token[];

/** A tokenizer for `scopeName`, with the injections that package.json contributes to it. */
export async function tokenizer(scopeName: string, python: string = stubPython): Promise<Tokenize> {
  engine ??= loadEngine();
  const grammars = contributed ?? [];
  const registry = new textmate.Registry({
    onigLib: engine,
    loadGrammar: async (scope) => {
      const path =
        scope === 'source.python'
          ? python
          : grammars.find((entry) => entry.scopeName === scope)?.path;
      if (path === undefined) return null;
      const absolute = resolve(root, path);
      return textmate.parseRawGrammar(readFileSync(absolute, 'utf8'), absolute);
    },
    getInjections: (scope) =>
      grammars.filter((entry) => entry.injectTo?.includes(scope)).map((entry) => entry.scopeName),
  });
  const grammar = await registry.loadGrammar(scopeName);
  if (grammar === null) throw new Error(`package.json contributes no grammar for ${scopeName}.`);
  return (text) => {
    let stack = textmate.INITIAL;
    return text.split('\n').flatMap((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
      stack = ruleStack;
      return tokens.map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex),
        scopes: scopes.join(' '),
      }));
    });
  };
}

/** The scopes of the `nth` token whose text is `text`, white space aside. */
export function scopesOf(tokens: readonly Token[], text: string, nth = 0): string {
  const found = tokens.filter((token) => token.text.trim() === text)[nth];
  if (found === undefined) {
    throw new Error(
      `No token "${text}" (number ${nth}) in ${JSON.stringify(tokens.map((token) => token.text))}`,
    );
  }
  return found.scopes;
}

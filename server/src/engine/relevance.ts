import type { Rule } from '../rules/rule.ts';
import type { ImportSite, ModuleSource, SourceModule } from '../semantics/moduleSource.ts';
import { isPackage } from '../semantics/moduleSource.ts';
import type { Environment } from '../semantics/target.ts';
import type { Outline } from '../syntax/outline.ts';
import { outlineOf } from '../syntax/outline.ts';
import type { Module } from '../syntax/tree.ts';
import { isKnownPackage } from '../tables/knownPackages.ts';
import { importsIn, NamedLines } from './namedLines.ts';

/** What of a file can lead to a finding. */
export interface Relevance {
  /** false: nothing in the file. */
  readonly any: boolean;
  /** true: any of it may matter. */
  readonly all: boolean;
  /** May the function that is defined at this place matter? */
  readonly matters: (offset: number) => boolean;
}

const everything: Relevance = { any: true, all: true, matters: () => true };

/** What changes how all code after it runs, named or not; MLX has too many rules about what is not named. */
const reachesAll = /^set_default_|mlx/i;

/** A piece of a longer text that is kept keeps all of that text: shorter ones are copies. */
const longestCopied = 12;

/** Tells words by some patterns. */
class WordTest {
  private readonly patterns: readonly RegExp[];
  private readonly tested = new Map<string, boolean>();

  constructor(patterns: readonly RegExp[]) {
    const sources = new Map<string, Set<string>>();
    for (const { source, flags } of patterns)
      sources.set(flags, (sources.get(flags) ?? new Set()).add(source));
    this.patterns = [...sources].map(([flags, each]) => new RegExp([...each].join('|'), flags));
  }

  readonly has = (word: string): boolean => {
    if (word.length > longestCopied) return this.patterns.some((pattern) => pattern.test(word));
    let has = this.tested.get(word);
    if (has === undefined) {
      has = this.patterns.some((pattern) => pattern.test(word));
      this.tested.set(word, has);
    }
    return has;
  };
}

/** The words of some rules, and what is known of files by them. */
class Words {
  private known = new WeakMap<SourceModule, FileNames>();
  private held = 0;
  readonly always: WordTest;
  /** Words that count only where there is one of others. */
  readonly besides: readonly { readonly needed: WordTest; readonly words: WordTest }[];

  constructor(rules: readonly Rule[]) {
    this.always = new WordTest(
      rules.flatMap(({ words, besides }) => (words === null || besides ? [] : [words])),
    );
    const needed = new Map(rules.map(({ besides }) => [besides?.source ?? '', besides]));
    this.besides = [...needed.values()].flatMap((pattern) => {
      const more = rules.flatMap(({ words, besides }) =>
        words !== null && besides !== undefined && besides.source === pattern?.source
          ? [words]
          : [],
      );
      return pattern === undefined
        ? []
        : [{ needed: new WordTest([pattern]), words: new WordTest(more) }];
    });
  }

  namesOf(module: SourceModule): FileNames | undefined {
    return this.known.get(module);
  }

  remember(module: SourceModule, names: FileNames): void {
    this.known.set(module, names);
    this.held += 1;
  }

  /** Makes room between two analyses. */
  forget(): void {
    if (this.held <= maximumHeld) return;
    this.known = new WeakMap();
    this.held = 0;
  }
}

/** Files whose names are kept. */
const maximumHeld = 64;

const allWords = new Map<string, Words>();

function wordsOf(rules: readonly Rule[], environment: Environment): Words {
  const speaking = rules.filter(({ applies }) => applies?.(environment) !== false);
  const key = speaking.map(({ meta }) => meta.code).join();
  let words = allWords.get(key);
  if (words === undefined) {
    words = new Words(speaking);
    allWords.set(key, words);
  }
  return words;
}

/** Files that are looked into for one: where more hang together, nearly all of them matter. */
const maximumFiles = 16;

/** Finds out, without parsing it, what of a file the findings of these rules can depend on. */
export function relevanceOf(
  { outline }: Module,
  rules: readonly Rule[],
  environment: Environment,
  { path, modules }: ImportSite,
): Relevance {
  if (outline === null) return everything;
  const words = wordsOf(rules, environment);
  words.forget();
  const home = new FileNames(outline, path, words, modules);
  if (!settle(home, words, modules)) return everything;
  const { lines } = home.named();
  return { any: lines.any, all: false, matters: (offset) => lines.matters(offset) };
}

/** Lets names that matter pass from file to file; false when more may matter than is known. */
function settle(home: FileNames, words: Words, modules: ModuleSource): boolean {
  const around = new Map<FileNames, readonly FileNames[]>();
  const pending = [home];
  for (let names = pending.pop(); names !== undefined; names = pending.pop()) {
    if (around.has(names)) continue;
    const modulesIn = names.importsIn(modules) ?? [];
    if (names.isOpen || around.size + modulesIn.length > maximumFiles) return false;
    const imported: FileNames[] = [];
    for (const module of modulesIn) {
      let known = words.namesOf(module);
      if (known?.importsIn(modules) == null) {
        const outline = outlineOf(module.text);
        if (outline === null) return false;
        known = new FileNames(outline, module.path, words, modules);
        words.remember(module, known);
      }
      imported.push(known);
    }
    around.set(names, imported);
    pending.push(...imported);
  }
  const files = [...around.keys()];
  for (const { needed, words: more } of words.besides)
    if (files.some((names) => names.has(needed))) for (const names of files) names.add(more);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [names, imported] of around) {
      const { lines } = names.named();
      const before = lines.names.size;
      for (const other of imported) lines.add(other.named().lines.names);
      changed ||= lines.names.size > before;
    }
  }
  return !home.named().lines.any || !files.some((names) => names.named().reachesAll);
}

interface Lookup {
  readonly importer: string;
  readonly level: number;
  readonly name: string;
  /** Held weakly: what was read long ago need not be kept for this. */
  readonly found: WeakRef<SourceModule> | null;
}

/** One file: its lines that matter, and what it imports. */
class FileNames {
  private readonly outline: Outline;
  private readonly words: Words;
  private readonly foreign: ReadonlySet<string>;
  private known: { readonly lines: NamedLines; readonly reachesAll: boolean } | undefined;
  /** Does it bind a package, whose files it can then name without importing them? */
  isOpen = false;
  private readonly lookups: Lookup[] = [];

  constructor(outline: Outline, path: string, words: Words, modules: ModuleSource) {
    this.outline = outline;
    this.words = words;
    this.foreign = path === '' ? new Set() : this.readImports(outline, path, modules);
  }

  /** Its lines that matter, and whether it changes how all code after it runs. */
  named(): { readonly lines: NamedLines; readonly reachesAll: boolean } {
    if (this.known === undefined) {
      const lines = new NamedLines(this.outline, this.foreign);
      let reaches = false;
      for (const word of this.outline.words.keys()) {
        reaches ||= reachesAll.test(word);
        if (this.words.always.has(word)) lines.addWord(word);
      }
      this.known = { lines, reachesAll: reaches };
    }
    return this.known;
  }

  has(test: WordTest): boolean {
    for (const word of this.outline.words.keys()) if (test.has(word)) return true;
    return false;
  }

  add(words: WordTest): void {
    for (const word of this.outline.words.keys())
      if (words.has(word)) this.named().lines.addWord(word);
  }

  /** The files that it imports; null when they are others than when it was read. */
  importsIn(modules: ModuleSource): readonly SourceModule[] | null {
    const imported: SourceModule[] = [];
    for (const { importer, level, name, found } of this.lookups) {
      const now = modules.resolve(importer, level, name);
      if (now !== (found === null ? null : found.deref())) return null;
      if (now !== null) imported.push(now);
    }
    return imported;
  }

  /** The names that imports of other files bind. */
  private readImports(
    { lines, words, text }: Outline,
    path: string,
    modules: ModuleSource,
  ): ReadonlySet<string> {
    const foreign = new Set<string>();
    const resolve = (importer: string, level: number, name: string): SourceModule | null => {
      const found = modules.resolve(importer, level, name);
      const kept = found === null ? null : new WeakRef(found);
      this.lookups.push({ importer, level, name, found: kept });
      return found;
    };
    for (const i of words.get('import') ?? []) {
      const { start = 0, end = 0 } = lines[i] ?? {};
      if (!text.startsWith('from', start) && !text.startsWith('import', start)) continue;
      for (const { module, name, local } of importsIn(text.slice(start, end))) {
        const level = /^\.*/.exec(module)?.[0].length ?? 0;
        const absolute = module.slice(level);
        if (level === 0 && isKnownPackage(absolute.split('.')[0] as string)) continue;
        const found = resolve(path, level, absolute);
        if (found === null) continue;
        foreign.add(local);
        if (name === null) this.isOpen ||= isPackage(found) || module !== local;
        else if (isPackage(found)) {
          const part = resolve(found.path, 1, name);
          this.isOpen ||= part !== null && isPackage(part);
        }
      }
    }
    return foreign;
  }
}

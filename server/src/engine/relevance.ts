import type { Beside, Rule } from '../rules/rule.ts';
import type { ImportSite, ModuleSource, SourceModule } from '../semantics/moduleSource.ts';
import { isPackage } from '../semantics/moduleSource.ts';
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
  /** The rules that may find something: the words of others are not there. */
  readonly rules: readonly Rule[];
}

/** What changes how all code after it runs, named or not; MLX has too many rules about what is not named. */
const reachesAll = /^set_default_|mlx/i;

/** A piece of a longer text that is kept keeps all of that text: shorter ones are copies. */
const longestCopied = 12;

/** What one word means to the rules. */
interface Lead {
  /** Those that it may lead to a finding. */
  readonly rules: readonly Rule[];
  readonly isAlways: boolean;
  /** What has to be there for it to count, when it does not always. */
  readonly needs: readonly Beside[];
  /** For what it is needed. */
  readonly serves: readonly Beside[];
  readonly reachesAll: boolean;
}

/** The words of some rules, and what is known of files by them. */
class Words {
  private known = new WeakMap<SourceModule, FileNames>();
  private held = 0;
  private readonly rules: readonly Rule[];
  private readonly besides: readonly Beside[];
  /** All that are about something: most words are not, and are asked for most. */
  private readonly all: readonly RegExp[];
  private readonly leads = new Map<string, Lead | null>();

  constructor(rules: readonly Rule[]) {
    this.rules = rules;
    this.besides = rules.flatMap(({ besides }) => besides ?? []);
    const patterns = [
      reachesAll,
      ...rules.flatMap(({ words }) => words ?? []),
      ...this.besides.flatMap(({ words, needed }) => [words, needed]),
    ];
    const sources = new Map<string, Set<string>>();
    for (const { source, flags } of patterns)
      sources.set(flags, (sources.get(flags) ?? new Set()).add(source));
    this.all = [...sources].map(([flags, each]) => new RegExp([...each].join('|'), flags));
  }

  /** null: the word is about nothing. */
  leadOf(word: string): Lead | null {
    if (word.length > longestCopied) return this.makeLead(word);
    let lead = this.leads.get(word);
    if (lead === undefined) {
      lead = this.makeLead(word);
      this.leads.set(word, lead);
    }
    return lead;
  }

  private makeLead(word: string): Lead | null {
    if (!this.all.some((pattern) => pattern.test(word))) return null;
    const isOf = ({ words }: Pick<Rule, 'words'>): boolean => words?.test(word) === true;
    return {
      rules: this.rules.filter((rule) => isOf(rule) || rule.besides?.some(isOf)),
      isAlways: this.rules.some(isOf),
      needs: this.besides.filter(isOf),
      serves: this.besides.filter(({ needed }) => needed.test(word)),
      reachesAll: reachesAll.test(word),
    };
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
const maximumHeld = 16;

const allWords = new WeakMap<readonly Rule[], Words>();

function wordsOf(rules: readonly Rule[]): Words {
  let words = allWords.get(rules);
  if (words === undefined) {
    words = new Words(rules);
    allWords.set(rules, words);
  }
  return words;
}

/** Files that are looked into for one: where more hang together, nearly all of them matter. */
const maximumFiles = 16;

/** Finds out, without parsing it, what of a file the findings of these rules can depend on. */
export function relevanceOf(
  { outline }: Module,
  rules: readonly Rule[],
  { path, modules }: ImportSite,
): Relevance {
  const everything: Relevance = { any: true, all: true, matters: () => true, rules };
  if (outline === null) return everything;
  const words = wordsOf(rules);
  words.forget();
  const home = new FileNames(outline, path, words, modules);
  const files = settle(home, words, modules);
  if (files === null) return everything;
  const lines = home.named();
  const matters = (offset: number): boolean => lines.matters(offset);
  if (!lines.any) return { any: false, all: false, matters, rules: [] };
  const leading = new Set(files.flatMap((names) => [...names.named().strong]));
  const speaking = new Set([...leading].flatMap((word) => words.leadOf(word)?.rules ?? []));
  return { any: true, all: false, matters, rules: rules.filter((rule) => speaking.has(rule)) };
}

/** Lets names that matter pass from file to file, and returns the files; null when more may matter than is known. */
function settle(home: FileNames, words: Words, modules: ModuleSource): readonly FileNames[] | null {
  const around = new Map<FileNames, readonly FileNames[]>();
  const pending = [home];
  for (let names = pending.pop(); names !== undefined; names = pending.pop()) {
    if (around.has(names)) continue;
    const modulesIn = names.importsIn(modules) ?? [];
    if (names.isOpen || around.size + modulesIn.length > maximumFiles) return null;
    const imported: FileNames[] = [];
    for (const module of modulesIn) {
      let known = words.namesOf(module);
      if (known?.importsIn(modules) == null) {
        const outline = outlineOf(module.text);
        if (outline === null) return null;
        known = new FileNames(outline, module.path, words, modules);
        words.remember(module, known);
      }
      imported.push(known);
    }
    around.set(names, imported);
    pending.push(...imported);
  }
  const files = [...around.keys()];
  const served = new Set(files.flatMap((names) => names.serves()));
  for (const names of files) names.addBeside(served);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [names, imported] of around) {
      const lines = names.named();
      const before = lines.names.size;
      for (const other of imported) lines.add(other.named().names);
      changed ||= lines.names.size > before;
    }
  }
  return home.named().any && files.some((names) => names.reachesAll) ? null : files;
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
  private known: NamedLines | undefined;
  /** Words that mean something to the rules. */
  private readonly leads = new Map<string, Lead>();
  /** Does it bind a package, whose files it can then name without importing them? */
  isOpen = false;
  private readonly lookups: Lookup[] = [];

  constructor(outline: Outline, path: string, words: Words, modules: ModuleSource) {
    this.outline = outline;
    this.words = words;
    this.foreign = path === '' ? new Set() : this.readImports(outline, path, modules);
  }

  /** Its lines that matter. */
  named(): NamedLines {
    if (this.known === undefined) {
      this.known = new NamedLines(this.outline, this.foreign);
      for (const word of this.outline.words.keys()) {
        const lead = this.words.leadOf(word);
        if (lead !== null) this.leads.set(word, lead);
      }
      for (const [word, { isAlways }] of this.leads) if (isAlways) this.known.addWord(word);
      this.addWithin(this.known);
    }
    return this.known;
  }

  /** Does it change how all code after it runs? */
  get reachesAll(): boolean {
    return [...this.leads.values()].some((lead) => lead.reachesAll);
  }

  /** What its words are needed for, other than as what a function or class is called. */
  serves(): Beside[] {
    const lines = this.named();
    return [...this.leads].flatMap(([word, { serves }]) =>
      serves.length > 0 && lines.uses(word) ? serves : [],
    );
  }

  /** What is needed by these words is there, in this file or another. */
  addBeside(served: ReadonlySet<Beside>): void {
    for (const [word, { needs }] of this.leads)
      if (needs.some((beside) => beside.within === undefined && served.has(beside)))
        this.named().addWord(word);
  }

  private addWithin(lines: NamedLines): void {
    for (const [word, { needs }] of this.leads)
      for (const beside of needs.filter(({ within }) => within === 'function')) {
        const needed = [...this.leads].filter(([, { serves }]) => serves.includes(beside));
        lines.addWord(word, lines.bodiesWith(needed.map(([other]) => other)));
      }
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

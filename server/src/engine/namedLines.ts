import { openersOf } from '../syntax/openers.ts';
import type { LogicalLine, Outline, OutlinedFunction } from '../syntax/outline.ts';
import { effectsOf, parametersOf } from './lineEffects.ts';

const opensBlock = /^(?:if|elif|else|for|while|with|try|except|finally|match|case|async)\b/;
const goesOn = /^(?:elif|else|except|finally|case)\b/;
const isImport = /^(?:from|import)\b/;

/** What Python calls without naming it: who names the class may mean these. */
const isImplicit = (name: string): boolean => name === 'forward' || /^__\w+__$/.test(name);

/** Methods that change the object that they are called on: of torch modules, lists, dicts. */
const moves: ReadonlySet<string> = new Set(
  'to to_empty cuda cpu mps xpu half float double bfloat16 type apply _apply'.split(' '),
);
const changes: ReadonlySet<string> = new Set([
  ...moves,
  ...'append extend insert add update setdefault'.split(' '),
]);

const isConstructor = /^__(?:init|post_init|new)__$/;
const isDefinition = /^(?:async\s+)?def\b/;
const callsSelf = /\b(?:self|cls)\s*\(/;

/** A name that has come to matter, in one function or (-1) everywhere. */
interface Named {
  readonly name: string;
  readonly within: number;
}

/**
 * The lines of a file that may matter to a finding: those that name what rules are about, and those that
 * name what such a line may have given its value to. Where names of values cannot be told from others, both
 * count, so that what does not matter here certainly cannot.
 */
export class NamedLines {
  /** Names of the module, attributes, functions and classes that matter. */
  readonly names = new Set<string>();
  readonly outline: Outline;
  /** Names that imports of other files of the workspace bind. */
  private readonly foreign: ReadonlySet<string>;
  /** Line to the function that it is in; -1: none. */
  private readonly owners: Int32Array;
  private readonly functions: readonly (OutlinedFunction & { readonly first: number })[];
  /** Line of the class around each function; -1: none. */
  private readonly classes: readonly number[];
  /** Line to the line whose block it is in; -1: none. */
  private openers: Int32Array | undefined;
  private readonly marked: Uint8Array;
  private readonly markedFunctions: Uint8Array;
  private readonly locals: (Set<string> | undefined)[] = [];
  private readonly parameterNames: (readonly string[])[] = [];
  private imported: ReadonlySet<string> | undefined;
  private first: ReadonlySet<number> | undefined;
  private defined: ReadonlyMap<string, readonly number[]> | undefined;
  private readonly pending: Named[] = [];
  /** Words that matter by themselves, as far as they are there. */
  readonly strong = new Set<string>();
  private hasAny = false;

  constructor(outline: Outline, foreign: ReadonlySet<string>) {
    this.outline = outline;
    this.foreign = foreign;
    const { lines, text } = outline;
    this.owners = new Int32Array(lines.length).fill(-1);
    this.marked = new Uint8Array(lines.length);
    this.markedFunctions = new Uint8Array(outline.functions.length);
    this.functions = outline.functions.map((one) => {
      let first = one.header;
      while (first > 0 && text[this.line(first - 1).start] === '@') first -= 1;
      return { ...one, first };
    });
    this.functions.forEach(({ first, next }, i) => void this.owners.fill(i, first, next));
    this.classes = this.functions.map(({ header }) => this.classAround(header));
  }

  get any(): boolean {
    return this.hasAny;
  }

  /** May what is defined at this place matter? */
  matters(offset: number): boolean {
    const { lines } = this.outline;
    let [low, high] = [0, this.functions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { next } = this.functions[middle] as OutlinedFunction;
      if ((lines[next - 1]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const found = this.functions[low];
    return (
      found === undefined ||
      (lines[found.first]?.start ?? 0) > offset ||
      this.markedFunctions[low] === 1
    );
  }

  /** Tells what matters from elsewhere: names that the text may have. */
  add(names: Iterable<string>): void {
    for (const name of names) this.name(name, -1);
    this.spread();
  }

  /** The lines with this word matter, at least in these bodies. */
  addWord(word: string, bodies: ReadonlySet<number> | null = null): void {
    for (const line of this.outline.words.get(word) ?? []) {
      if (bodies?.has(this.owners[line] as number) === false) continue;
      this.strong.add(word);
      if (!this.isOwnHeader(line, word)) this.mark(line);
    }
    this.spread();
  }

  /** Is there more of this name than the function or class that is called so? */
  uses(word: string): boolean {
    return this.outline.words.get(word)?.some((line) => !this.isOwnHeader(line, word)) === true;
  }

  /** The functions, or -1 for what is outside of them, that have one of these words. */
  bodiesWith(words: readonly string[]): ReadonlySet<number> {
    return new Set(
      words
        .flatMap((word) => this.outline.words.get(word) ?? [])
        .map((line) => this.owners[line] as number),
    );
  }

  private line(i: number): LogicalLine {
    return this.outline.lines[i] as LogicalLine;
  }

  private textOf(i: number): string {
    const { start, end } = this.line(i);
    return this.outline.text.slice(start, end);
  }

  private classAround(header: number): number {
    this.openers ??= openersOf(this.outline.lines);
    let line = this.openers[header] ?? -1;
    while (line >= 0 && !this.outline.text.startsWith('class ', this.line(line).start))
      line = this.openers[line] ?? -1;
    return line;
  }

  private name(name: string, within: number): void {
    if (within < 0) {
      if (name === '__all__' || this.names.has(name)) return;
      this.names.add(name);
    } else {
      const known = this.locals[within] ?? new Set();
      if (known.has(name)) return;
      this.locals[within] = known.add(name);
    }
    this.pending.push({ name, within });
  }

  private spread(): void {
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) {
      const { name, within } = next;
      for (const line of this.outline.words.get(name) ?? []) {
        if (within >= 0 && this.owners[line] !== within) continue;
        if (!this.isOwnHeader(line, name)) this.mark(line, within >= 0);
      }
    }
  }

  /** `class Net:` names Net without using it. */
  private isOwnHeader(line: number, name: string): boolean {
    const text = this.textOf(line);
    return definedName(text) === name && text.indexOf(name) === text.lastIndexOf(name);
  }

  /**
   * @param isGiven true: the line matters to who calls its function with what matters.
   * @param isInBlock true: the block around it is marked, and with it the one that it opens.
   */
  private mark(line: number, isGiven = false, isInBlock = false): void {
    if (line >= this.marked.length) return;
    this.hasAny = true;
    const owner = this.owners[line] as number;
    if (owner >= 0) {
      if (!isGiven) this.markFunction(owner);
      if (!this.runsFirst().has(owner)) return;
    }
    if (this.marked[line] === 1) return;
    this.marked[line] = 1;
    const text = this.textOf(line);
    if (isImport.test(text)) this.nameImports(text, owner);
    else if (isDefinition.test(text)) this.nameDefinition(line, text, owner);
    else this.nameBound(text, owner);
    if (text.startsWith('class ')) {
      this.name(definedName(text), -1);
      this.markMethods(line);
    } else if (text.startsWith('@') && owner < 0) this.mark(line + 1);
    else if (!isInBlock && opensBlock.test(text)) this.markBlock(line, isGiven);
  }

  private markFunction(i: number): void {
    if (this.markedFunctions[i] === 1) return;
    this.markedFunctions[i] = 1;
    const { header } = this.functions[i] as (typeof this.functions)[number];
    const name = definedName(this.textOf(header));
    const around = this.classes[i] as number;
    if (around < 0 || !isImplicit(name)) this.name(name, -1);
    if (around < 0 || !isImplicit(name)) return;
    this.name(definedName(this.textOf(around)), -1);
    if (name === 'forward') this.name(name, -1);
    this.classes.forEach((other, j) => {
      const { header: start, next } = this.functions[j] as (typeof this.functions)[number];
      const { lines, text } = this.outline;
      if (other === around && callsSelf.test(text.slice(lines[start]?.start, lines[next - 1]?.end)))
        this.markFunction(j);
    });
  }

  private markMethods(classLine: number): void {
    this.classes.forEach((around, i) => {
      if (around === classLine) this.markFunction(i);
    });
  }

  /** What runs or not because of a test matters like the test, and so do its other arms. */
  private markBlock(header: number, isGiven: boolean): void {
    const { lines, text } = this.outline;
    const { indent } = this.line(header);
    for (let i = header + 1; i < lines.length; i += 1) {
      const line = this.line(i);
      const isArm = line.indent === indent && goesOn.test(text.slice(line.start, line.start + 8));
      if (line.indent <= indent && !isArm) break;
      this.mark(i, isGiven, true);
    }
  }

  /** What the line binds or may change matters from here on, and what it calls is given what matters. */
  private nameBound(text: string, owner: number): void {
    if (text.startsWith('raise')) return;
    const { bound, called, calledOnSelf } = effectsOf(text);
    const definitions = this.definitions();
    const isAtHand = (name: string): boolean => definitions.has(name) || this.names.has(name);
    const scope = owner >= 0 && this.declaresGlobal(owner) ? -1 : owner;
    for (const { name, isAttribute, root, usedBy } of bound) {
      if (usedBy !== null && this.importedNames().has(root)) continue;
      if (usedBy === '' && !called.some(isAtHand)) continue;
      if (usedBy !== null && usedBy !== '' && !changes.has(usedBy) && !isAtHand(usedBy)) continue;
      if (isAttribute) this.name(name, -1);
      else if (!this.importedNames().has(name)) this.name(name, scope);
    }
    const around = owner < 0 ? -1 : (this.classes[owner] as number);
    if (around >= 0 && calledOnSelf.some((name) => this.mayChangeSelf(name, around)))
      this.markMethods(around);
    for (const name of called)
      for (const i of definitions.get(name) ?? [])
        for (const parameter of this.parameters(i)) this.name(parameter, i);
  }

  private parameters(i: number): readonly string[] {
    const known = this.parameterNames[i] ?? namesOf(this.textOf(this.header(i)));
    this.parameterNames[i] = known;
    return known;
  }

  /** May a method that the class has from elsewhere change what other methods see without naming it? */
  private mayChangeSelf(method: string, around: number): boolean {
    if (moves.has(method)) return true;
    if (method !== '__init__' && this.definitions().has(method)) return false;
    const bases = this.textOf(around).match(/\w+/g) ?? [];
    return bases.some((name) => this.foreign.has(name));
  }

  /** A parameter matters whose default or annotation does. */
  private nameDefinition(line: number, text: string, owner: number): void {
    if (owner < 0) {
      const around = isImplicit(definedName(text)) ? this.classAround(line) : -1;
      this.name(definedName(around < 0 ? text : this.textOf(around)), -1);
      return;
    }
    for (const { name, text: parameter } of parametersOf(text)) {
      const words = parameter.slice(parameter.indexOf(name) + name.length).match(/[\w.:]+/g) ?? [];
      if (words.some((one) => this.isNamed(one, owner))) this.name(name, owner);
    }
    // One inside another function.
    if (this.textOf(this.header(owner)) !== text) this.name(definedName(text), owner);
  }

  private isNamed(words: string, owner: number): boolean {
    if (this.strong.has(words)) return true;
    return words
      .split(/[.:]/)
      .some(
        (word) =>
          this.names.has(word) || this.strong.has(word) || this.locals[owner]?.has(word) === true,
      );
  }

  private header(i: number): number {
    return (this.functions[i] as OutlinedFunction).header;
  }

  /**
   * Functions that may run before others are run for unknown callers: those that the module's own lines
   * name, those that make objects, and what these name. Only they change what the others find.
   */
  private runsFirst(): ReadonlySet<number> {
    if (this.first !== undefined) return this.first;
    const first = new Set<number>();
    const definitions = [...this.definitions()];
    for (const [name, functions] of definitions)
      if (isConstructor.test(name)) for (const i of functions) first.add(i);
    for (let size = -1; size < first.size; ) {
      size = first.size;
      for (const [name, functions] of definitions) {
        const lines = this.outline.words.get(name) ?? [];
        const isNamed = lines.some((line) => {
          const owner = this.owners[line] as number;
          return owner < 0
            ? !this.isOwnHeader(line, name)
            : first.has(owner) && !functions.includes(owner);
        });
        if (isNamed) for (const i of functions) first.add(i);
      }
    }
    this.first = first;
    return first;
  }

  private definitions(): ReadonlyMap<string, readonly number[]> {
    if (this.defined === undefined) {
      const found = new Map<string, number[]>();
      this.functions.forEach(({ header }, i) => {
        const name = definedName(this.textOf(header));
        found.set(name, [...(found.get(name) ?? []), i]);
      });
      this.defined = found;
    }
    return this.defined;
  }

  private declaresGlobal(owner: number): boolean {
    return (this.outline.words.get('global') ?? []).some((line) => this.owners[line] === owner);
  }

  /** Names that imports bind: they stand for the same whatever line they are on. */
  private importedNames(): ReadonlySet<string> {
    if (this.imported === undefined) {
      const found = new Set<string>();
      for (const keyword of ['import', 'from'])
        for (const line of this.outline.words.get(keyword) ?? [])
          if (isImport.test(this.textOf(line)))
            for (const { local } of importsIn(this.textOf(line))) found.add(local);
      this.imported = found;
    }
    return this.imported;
  }

  /** All that is imported when the module is what matters; else what has a name that matters. */
  private nameImports(text: string, owner: number): void {
    for (const { module, name, local } of importsIn(text)) {
      if (name === null && local === module.split('.')[0]) continue;
      const parts = name === null ? module.split('.') : [...module.split('.'), name];
      if (name === '*' || parts.some((part) => this.names.has(part) || this.strong.has(part)))
        this.name(local, owner);
    }
  }
}

const namesOf = (header: string): string[] => parametersOf(header).map(({ name }) => name);

const definedName = (text: string): string =>
  /^(?:async\s+)?(?:def|class)\s+([\w\x80-\uffff]+)/.exec(text)?.[1] ?? '';

interface Import {
  readonly module: string;
  readonly name: string | null;
  readonly local: string;
}

/** What an import statement imports; `from x import *` has the name "*". */
export function importsIn(text: string): Import[] {
  const plain = text.replace(/#.*|[()\\]/g, ' ');
  const from = /^from\s+([.\s]*[\w.]*)\s*import\s+([\s\S]*)$/.exec(plain);
  const items = (from?.[2] ?? plain.replace(/^import\s+/, '')).split(',');
  return items.flatMap((item): Import[] => {
    const [name = '', as, alias] = item.trim().split(/\s+/);
    if (name === '') return [];
    const local = as === 'as' && alias !== undefined ? alias : (name.split('.')[0] as string);
    return [
      from === null
        ? { module: name, name: null, local }
        : { module: (from[1] as string).replace(/\s/g, ''), name, local },
    ];
  });
}

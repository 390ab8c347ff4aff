import type {
  ExceptHandler,
  Expression,
  Identifier,
  MatchCase,
  Statement,
  WithStatement,
} from '../tree.ts';
import { Blocks } from './blocks.ts';

/** The blocks of functions that are read when they are asked for, by where the `def` begins. */
export type BlocksForLater = ReadonlyMap<number, BlockForLater>;

export interface BlockForLater {
  /** After the last token of the block, which is the end of a line. */
  readonly end: number;
  readonly read: () => readonly Statement[];
}

type WithItem = WithStatement['items'][number];

/** Reads the statements that hold others. */
export class Statements extends Blocks {
  private readonly later: BlocksForLater;

  constructor(
    text: string,
    from: number,
    to: number,
    outlivesText: boolean,
    later: BlocksForLater,
  ) {
    super(text, from, to, outlivesText);
    this.later = later;
  }

  protected compound(): Statement | null {
    const { value, start } = this;
    if (this.kind === 'operator') return value === '@' ? this.decorated() : null;
    if (this.kind === 'name') {
      if (value === 'match') return this.match();
      return value === 'type' ? this.typeAlias() : null;
    }
    if (this.kind !== 'keyword') return null;
    switch (value) {
      case 'if':
        return this.conditional();
      case 'for':
        return this.loop(start, false);
      case 'while':
        return this.whileLoop();
      case 'with':
        return this.context(start, false);
      case 'try':
        return this.guarded();
      case 'def':
        return this.definition([], start, start, false);
      case 'class':
        return this.classDefinition([], start);
      case 'async':
        return this.asynchronous([], start);
      default:
        return null;
    }
  }

  /** @param whole where its decorators begin */
  private asynchronous(decorators: Expression[], whole: number): Statement | null {
    const { start } = this;
    const [, keyword] =
      /^async[ \t]+(def|for|with)\b/.exec(this.text.slice(start, start + 20)) ?? [];
    if (keyword === undefined) return null;
    this.next();
    if (keyword === 'def') return this.definition(decorators, whole, start, true);
    return keyword === 'for' ? this.loop(start, true) : this.context(start, true);
  }

  private decorated(): Statement {
    const { start, indent } = this;
    const decorators: Expression[] = [];
    while (this.is('@') && this.indent === indent) {
      decorators.push(
        this.tolerantly(() => {
          this.next();
          const decorator = this.named();
          if (!this.atLineEnd()) this.fail();
          while (!this.atLineEnd()) this.next();
          this.next();
          return decorator;
        }),
      );
    }
    const definition = this.indent === indent ? this.decoratedWith(decorators, start) : null;
    if (definition !== null) return definition;
    this.breakAt(start);
    const parts = decorators.map(
      (value): Statement => ({ kind: 'expression', value, start: value.start, end: value.end }),
    );
    return { kind: 'brokenStatement', parts, start, end: this.previousEnd };
  }

  private decoratedWith(decorators: Expression[], start: number): Statement | null {
    if (this.is('class')) return this.classDefinition(decorators, start);
    if (this.is('def')) return this.definition(decorators, start, this.start, false);
    return this.is('async') ? this.asynchronous(decorators, start) : null;
  }

  private definition(
    decorators: Expression[],
    start: number,
    definition: number,
    isAsync: boolean,
  ): Statement {
    const { indent } = this;
    const { name, parameters, returns } = this.tolerantly(() => {
      this.next();
      const name = this.identifier();
      this.typeParameters();
      this.expect('(');
      const parameters = this.parameters(')', true);
      this.expect(')');
      const returns = this.take('->') ? this.expression() : null;
      this.colon();
      return { name, parameters, returns };
    });
    const later = this.later.get(definition);
    let body: readonly Statement[] = [];
    if (later === undefined) body = this.block(indent);
    else {
      this.goOn(later.end);
      this.next();
    }
    const end = this.previousEnd;
    const statement: Statement = {
      kind: 'function',
      isAsync,
      name,
      decorators,
      parameters,
      returns,
      body,
      start,
      end,
    };
    return later === undefined
      ? statement
      : Object.defineProperty(statement, 'body', { get: later.read, enumerable: true });
  }

  private classDefinition(decorators: Expression[], start: number): Statement {
    const { indent } = this;
    const { name, bases } = this.tolerantly(() => {
      this.next();
      const name = this.identifier();
      this.typeParameters();
      const open = this.start;
      const bases = this.take('(') ? this.args(open) : [];
      this.colon();
      return { name, bases };
    });
    const body = this.block(indent);
    return { kind: 'class', name, decorators, bases, body, start, end: this.previousEnd };
  }

  /** `[T, *Ts, **P]` of a generic definition, which no finding is about. */
  private typeParameters(): void {
    if (!this.take('[')) return;
    this.separated(']', () => {
      if (!this.take('*')) this.take('**');
      this.identifier();
      if (this.take(':')) this.expression();
      if (this.take('=')) this.expressions();
    });
    this.expect(']');
  }

  private conditional(): Statement {
    const { indent } = this;
    const branches: { test: Expression; body: Statement[]; start: number }[] = [];
    do {
      const { start } = this;
      const test = this.test();
      branches.push({ test, body: this.block(indent), start });
    } while (this.continues('elif', indent));
    let orElse = this.clause('else', indent);
    const end = this.previousEnd;
    for (let i = branches.length - 1; i > 0; i -= 1) {
      const { test, body, start } = branches[i] as (typeof branches)[number];
      orElse = [{ kind: 'if', elif: true, test, body, orElse, start, end }];
    }
    const { test, body, start } = branches[0] as (typeof branches)[number];
    return { kind: 'if', elif: false, test, body, orElse, start, end };
  }

  /** The header of `if`, `elif` and `while`. */
  private test(): Expression {
    return this.tolerantly(() => {
      this.next();
      const test = this.named();
      this.colon();
      return test;
    });
  }

  /** Does the statement that is read go on here with this clause? */
  private continues(keyword: string, indent: number): boolean {
    return this.indent === indent && this.is(keyword);
  }

  private clause(keyword: string, indent: number): Statement[] {
    if (!this.continues(keyword, indent)) return [];
    this.tolerantly(() => {
      this.next();
      this.colon();
    });
    return this.block(indent);
  }

  private loop(start: number, isAsync: boolean): Statement {
    const { indent } = this;
    const { target, iterable } = this.tolerantly(() => {
      this.next();
      const target = this.targets();
      this.expect('in');
      const iterable = this.expressions();
      this.colon();
      return { target, iterable };
    });
    const body = this.block(indent);
    const orElse = this.clause('else', indent);
    const end = this.previousEnd;
    return { kind: 'for', isAsync, target, iterable, body, orElse, start, end };
  }

  private whileLoop(): Statement {
    const { start, indent } = this;
    const test = this.test();
    const body = this.block(indent);
    const orElse = this.clause('else', indent);
    return { kind: 'while', test, body, orElse, start, end: this.previousEnd };
  }

  private context(start: number, isAsync: boolean): Statement {
    const { indent } = this;
    const items = this.tolerantly(() => {
      this.next();
      const items = this.strictly(() => this.bracketedItems()) ?? this.items();
      this.colon();
      return items;
    });
    const body = this.block(indent);
    return { kind: 'with', isAsync, items, body, start, end: this.previousEnd };
  }

  /** `(a as b, c)`; throws when the bracket is that of an expression. */
  private bracketedItems(): WithItem[] {
    const items: WithItem[] = [];
    this.expect('(');
    this.separated(')', () => items.push(this.item()));
    this.expect(')');
    if (!this.is(':') || items.length === 0) this.fail();
    return items;
  }

  private items(): WithItem[] {
    const items = [this.item()];
    while (this.take(',')) items.push(this.item());
    return items;
  }

  private item(): WithItem {
    const context = this.is('yield') ? this.yielded() : this.named();
    return { context, target: this.take('as') ? this.primary() : null };
  }

  private guarded(): Statement {
    const { start, indent } = this;
    const body = this.clause('try', indent);
    const handlers: ExceptHandler[] = [];
    while (this.continues('except', indent)) handlers.push(this.handler(indent));
    const orElse = handlers.length > 0 ? this.clause('else', indent) : [];
    if (handlers.length === 0 && !this.continues('finally', indent)) this.breakAt(start);
    const finalBody = this.clause('finally', indent);
    const end = this.previousEnd;
    return { kind: 'try', body, handlers, orElse, finalBody, start, end };
  }

  private handler(indent: number): ExceptHandler {
    const { start } = this;
    const header = this.tolerantly(() => {
      this.next();
      const group = this.take('*');
      const type = this.is(':') ? null : this.expressions();
      const name = this.take('as') ? this.identifier() : null;
      this.colon();
      return { type, name, group };
    });
    const body = this.block(indent);
    return { ...header, body, start, end: this.previousEnd };
  }

  /** null: here `match` is a name. */
  private match(): Statement | null {
    const { start, indent } = this;
    const subject = this.strictly(() => {
      this.next();
      const subject = this.expressions();
      this.expect(':');
      if (!this.at('newline')) this.fail();
      this.next();
      if (this.indent <= indent || !this.at('name') || this.value !== 'case') this.fail();
      return subject;
    });
    if (subject === null) return null;
    const cases: MatchCase[] = [];
    const { indent: inner } = this;
    while (this.indent === inner && this.at('name') && this.value === 'case')
      cases.push(this.matchCase());
    return { kind: 'match', subject, cases, start, end: this.previousEnd };
  }

  private matchCase(): MatchCase {
    const { start, indent } = this;
    const { pattern, bindings, guard } = this.tolerantly(() => {
      this.next();
      const bindings: Identifier[] = [];
      const pattern = this.patterns(bindings);
      const guard = this.take('if') ? this.named() : null;
      this.colon();
      return { pattern, bindings, guard };
    });
    const body = this.block(indent);
    const { values, isIrrefutable: irrefutable } = pattern;
    return { values, irrefutable, bindings, guard, body, start, end: this.previousEnd };
  }

  /** null: here `type` is a name. */
  private typeAlias(): Statement | null {
    const { start } = this;
    return this.strictly((): Statement => {
      this.next();
      const { text, ...place } = this.identifier();
      this.typeParameters();
      this.expect('=');
      const value = this.expression();
      const end = this.previousEnd;
      if (!this.atLineEnd()) this.fail();
      this.next();
      const target: Expression = { kind: 'name', id: text, ...place };
      return { kind: 'assign', targets: [target], value, start, end };
    });
  }
}

import type {
  ComprehensionClause,
  ComprehensionExpression,
  DictExpression,
  Expression,
} from '../tree.ts';
import { Literals } from './literals.ts';

type DictEntry = DictExpression['entries'][number];

/** Operators and keywords that an expression can begin with. */
const beginnings: ReadonlySet<string> = new Set(
  '( [ { - + ~ * ... None True False not lambda await'.split(' '),
);

/** Reads what has commas in it: tuples, what stands in brackets, comprehensions. */
export abstract class Displays extends Literals {
  protected abstract expression(): Expression;
  /** One that `:=` may name. */
  protected abstract named(): Expression;
  /** One without `if` and lambda around it. */
  protected abstract disjunction(): Expression;
  /** One without comparisons, from operators that bind as tightly as this one. */
  protected abstract binary(least: number): Expression;

  /** Expressions with commas between them are a tuple. */
  protected expressions(): Expression {
    const { start } = this;
    const first = this.starredOrNamed();
    return this.is(',') ? this.tuple(first, start) : first;
  }

  private tuple(first: Expression, start: number): Expression {
    const elements = [first];
    while (this.take(',') && this.beginsExpression()) elements.push(this.starredOrNamed());
    return { kind: 'tuple', elements, start, end: this.previousEnd };
  }

  /** What stands behind `=`, or alone on its line. */
  protected yieldOrExpressions(): Expression {
    return this.is('yield') ? this.yielded() : this.expressions();
  }

  protected yielded(): Expression {
    const { start } = this;
    this.expect('yield');
    const from = this.take('from');
    const value = from ? this.expression() : this.beginsExpression() ? this.expressions() : null;
    return { kind: 'yield', value, from, start, end: this.previousEnd };
  }

  private beginsExpression(): boolean {
    const { kind, value } = this;
    if (kind === 'operator' || kind === 'keyword') return beginnings.has(value);
    return kind !== 'newline' && kind !== 'end';
  }

  private starredOrNamed(): Expression {
    return this.is('*') ? this.starred() : this.named();
  }

  protected starred(): Expression {
    const { start } = this;
    this.next();
    const value = this.binary(1);
    return { kind: 'starred', value, start, end: this.previousEnd };
  }

  /** What stands between the opening that has been taken and its closing, which is left, with commas between. */
  protected separated(close: string, each: () => void): void {
    while (!this.is(close)) {
      if (this.atLineEnd()) {
        this.fail();
        return;
      }
      const { end } = this;
      each();
      if (this.is(close)) return;
      if (this.take(',')) continue;
      this.fail();
      if (this.end === end) this.next();
    }
  }

  protected isComprehension(): boolean {
    return this.is('for') || this.is('async');
  }

  /** @param start of the bracket that `close` closes */
  protected comprehension(
    form: ComprehensionExpression['form'],
    element: Expression,
    value: Expression | null,
    start: number,
    close: string,
  ): Expression {
    if (element.kind === 'starred') this.fail();
    const clauses: ComprehensionClause[] = [];
    while (this.isComprehension()) {
      this.take('async');
      this.expect('for');
      const target = this.targets();
      this.expect('in');
      const iterable = this.disjunction();
      const conditions: Expression[] = [];
      while (this.take('if')) conditions.push(this.condition());
      clauses.push({ target, iterable, conditions });
    }
    this.expect(close);
    return { kind: 'comprehension', form, element, value, clauses, start, end: this.previousEnd };
  }

  private condition(): Expression {
    const { start } = this;
    const target = this.disjunction();
    if (!this.is(':=') || target.kind !== 'name' || target.start !== start) return target;
    this.next();
    const value = this.disjunction();
    return { kind: 'named', target, value, start, end: this.previousEnd };
  }

  /** What `for` binds. */
  protected targets(): Expression {
    const { start } = this;
    const target = (): Expression => (this.is('*') ? this.starred() : this.binary(1));
    const first = target();
    if (!this.is(',')) return first;
    const elements = [first];
    while (this.take(',') && this.beginsExpression()) elements.push(target());
    return { kind: 'tuple', elements, start, end: this.previousEnd };
  }

  protected bracketed(open: string): Expression {
    const { start } = this;
    this.enter();
    let result: Expression;
    if (open === '(') result = this.parenthesized(start);
    else if (open === '[') result = this.list(start);
    else if (open === '{') result = this.dictOrSet(start);
    else result = this.missing();
    this.leave();
    return result;
  }

  private parenthesized(start: number): Expression {
    this.next();
    if (this.take(')')) return { kind: 'tuple', elements: [], start, end: this.previousEnd };
    if (this.is('yield')) {
      const value = this.yielded();
      this.expect(')');
      return value;
    }
    const first = this.starredOrNamed();
    if (this.isComprehension()) return this.comprehension('generator', first, null, start, ')');
    if (this.is(',')) {
      const elements = this.elements(first, ')');
      return { kind: 'tuple', elements, start, end: this.previousEnd };
    }
    if (first.kind === 'starred') this.fail();
    this.expect(')');
    return first;
  }

  /** Up to the bracket that closes them, which is taken. */
  private elements(first: Expression, close: string): Expression[] {
    const elements = [first];
    if (!this.is(close)) this.expect(',');
    this.separated(close, () => elements.push(this.starredOrNamed()));
    this.expect(close);
    return elements;
  }

  private list(start: number): Expression {
    this.next();
    if (this.take(']')) return { kind: 'list', elements: [], start, end: this.previousEnd };
    const first = this.starredOrNamed();
    if (this.isComprehension()) return this.comprehension('list', first, null, start, ']');
    const elements = this.elements(first, ']');
    return { kind: 'list', elements, start, end: this.previousEnd };
  }

  private dictOrSet(start: number): Expression {
    this.next();
    if (this.take('}')) return { kind: 'dict', entries: [], start, end: this.previousEnd };
    if (this.is('**')) return this.dict([this.entry()], start);
    const first = this.starredOrNamed();
    if (this.isComprehension()) return this.comprehension('set', first, null, start, '}');
    if (!this.take(':')) {
      const elements = this.elements(first, '}');
      return { kind: 'set', elements, start, end: this.previousEnd };
    }
    const value = this.expression();
    if (this.isComprehension()) return this.comprehension('dict', first, value, start, '}');
    return this.dict([{ key: first, value }], start);
  }

  private dict(entries: DictEntry[], start: number): Expression {
    if (!this.is('}')) this.expect(',');
    this.separated('}', () => entries.push(this.entry()));
    this.expect('}');
    return { kind: 'dict', entries, start, end: this.previousEnd };
  }

  private entry(): DictEntry {
    if (this.take('**')) return { key: null, value: this.binary(1) };
    const key = this.expression();
    this.expect(':');
    return { key, value: this.expression() };
  }

  protected fieldValue(): Expression {
    if (this.is('yield')) return this.yielded();
    const { start } = this;
    const first = this.is('*') ? this.starred() : this.expression();
    return this.is(',') ? this.tuple(first, start) : first;
  }
}

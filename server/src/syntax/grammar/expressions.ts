import type { Argument, Expression, Parameter } from '../tree.ts';
import { Displays } from './displays.ts';

/** Binary operators and how tightly they bind; `**` is apart, it binds from the right. */
const precedences: Readonly<Record<string, number>> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '//': 6,
  '%': 6,
  '@': 6,
};

const comparisons: ReadonlySet<string> = new Set('< > == >= <= != in not is'.split(' '));
const constants = { None: null, True: true, False: false } as const;
/**
 * Reads expressions as CPython's grammar has them; parentheses leave no trace but in the spans of what is
 * around them.
 */
export abstract class Expressions extends Displays {
  protected named(): Expression {
    const { start } = this;
    const target = this.expression();
    if (!this.is(':=') || target.kind !== 'name' || target.start !== start) return target;
    this.next();
    const value = this.expression();
    return { kind: 'named', target, value, start, end: this.previousEnd };
  }

  protected expression(): Expression {
    if (this.is('lambda')) return this.lambda();
    const { start } = this;
    this.enter();
    let result = this.disjunction();
    if (this.take('if')) {
      const test = this.disjunction();
      this.expect('else');
      const orElse = this.expression();
      result = {
        kind: 'conditional',
        body: result,
        test,
        orElse,
        start,
        end: this.previousEnd,
      };
    }
    this.leave();
    return result;
  }

  private lambda(): Expression {
    const { start } = this;
    this.enter();
    this.next();
    const parameters = this.parameters(':', false);
    this.expect(':');
    const body = this.expression();
    this.leave();
    return { kind: 'lambda', parameters, body, start, end: this.previousEnd };
  }

  /** Up to the operator that ends them, which is left. */
  protected parameters(close: string, mayHaveTypes: boolean): Parameter[] {
    const parameters: Parameter[] = [];
    this.separated(close, () => parameters.push(this.parameter(mayHaveTypes)));
    return parameters;
  }

  private parameter(mayHaveTypes: boolean): Parameter {
    const { start } = this;
    const stars = this.take('**') ? 'doubleStar' : this.take('*') ? 'star' : null;
    const isMarker = stars === null ? this.take('/') : stars === 'star' && this.is(',');
    if (isMarker) {
      return {
        form: stars === null ? 'positionalOnlyMarker' : 'keywordOnlyMarker',
        name: null,
        annotation: null,
        defaultValue: null,
        start,
        end: this.previousEnd,
      };
    }
    const name = this.identifier();
    const isTyped = mayHaveTypes && this.take(':');
    const annotation = isTyped ? (this.is('*') ? this.starred() : this.expression()) : null;
    const defaultValue = stars === null && this.take('=') ? this.expression() : null;
    const form = stars ?? 'plain';
    return { form, name, annotation, defaultValue, start, end: this.previousEnd };
  }

  protected disjunction(): Expression {
    const { start } = this;
    let left = this.conjunction();
    while (this.take('or')) {
      const right = this.conjunction();
      left = { kind: 'boolean', operator: 'or', left, right, start, end: this.previousEnd };
    }
    return left;
  }

  private conjunction(): Expression {
    const { start } = this;
    let left = this.negation();
    while (this.take('and')) {
      const right = this.negation();
      left = { kind: 'boolean', operator: 'and', left, right, start, end: this.previousEnd };
    }
    return left;
  }

  private negation(): Expression {
    if (!this.is('not')) return this.comparison();
    const { start } = this;
    this.enter();
    this.next();
    const operand = this.negation();
    this.leave();
    return { kind: 'unary', operator: 'not', operand, start, end: this.previousEnd };
  }

  private comparison(): Expression {
    const { start } = this;
    const left = this.binary(1);
    if (!this.isComparison()) return left;
    const operators: string[] = [];
    const operands: Expression[] = [];
    while (this.isComparison()) {
      operators.push(this.comparisonOperator());
      operands.push(this.binary(1));
    }
    return { kind: 'compare', left, operators, operands, start, end: this.previousEnd };
  }

  private isComparison(): boolean {
    return (this.kind === 'operator' || this.kind === 'keyword') && comparisons.has(this.value);
  }

  private comparisonOperator(): string {
    const { value } = this;
    this.next();
    if (value === 'not') {
      this.expect('in');
      return 'not in';
    }
    return value === 'is' && this.take('not') ? 'is not' : value;
  }

  protected binary(least: number): Expression {
    const { start } = this;
    let left = this.unary();
    while (this.kind === 'operator') {
      const operator = this.value;
      const precedence = precedences[operator];
      if (precedence === undefined || precedence < least) break;
      this.next();
      const right = this.binary(precedence + 1);
      left = { kind: 'binary', operator, left, right, start, end: this.previousEnd };
    }
    return left;
  }

  private unary(): Expression {
    const { value, start } = this;
    if (this.kind !== 'operator' || (value !== '-' && value !== '+' && value !== '~'))
      return this.power();
    this.enter();
    this.next();
    const operand = this.unary();
    this.leave();
    return { kind: 'unary', operator: value, operand, start, end: this.previousEnd };
  }

  private power(): Expression {
    const { start } = this;
    const left = this.is('await') ? this.awaited() : this.primary();
    if (!this.take('**')) return left;
    this.enter();
    const right = this.unary();
    this.leave();
    return { kind: 'binary', operator: '**', left, right, start, end: this.previousEnd };
  }

  private awaited(): Expression {
    const { start } = this;
    this.next();
    const value = this.primary();
    return { kind: 'await', value, start, end: this.previousEnd };
  }

  /** A value with what is called, taken or read of it. */
  protected primary(): Expression {
    const { start } = this;
    let object = this.atom();
    while (this.kind === 'operator') {
      if (this.value === '.') object = this.attribute(object, start);
      else if (this.value === '(') object = this.call(object, start);
      else if (this.value === '[') object = this.subscript(object, start);
      else break;
    }
    return object;
  }

  private attribute(object: Expression, start: number): Expression {
    this.next();
    if (this.kind !== 'name') {
      this.fail();
      return { kind: 'broken', parts: [object], start, end: this.previousEnd };
    }
    const name = this.identifier();
    return { kind: 'attribute', object, name, start, end: name.end };
  }

  private subscript(object: Expression, start: number): Expression {
    this.enter();
    this.next();
    const index: Expression[] = [];
    if (this.is(']')) index.push(this.missing());
    this.separated(']', () => index.push(this.indexPart()));
    this.expect(']');
    this.leave();
    return { kind: 'subscript', object, index, start, end: this.previousEnd };
  }

  private indexPart(): Expression {
    const { start } = this;
    if (this.is('*')) return this.starred();
    const lower = this.is(':') ? null : this.named();
    if (!this.take(':')) return lower as Expression;
    const upper = this.bound();
    const step = this.take(':') ? this.bound() : null;
    return { kind: 'slice', lower, upper, step, start, end: this.previousEnd };
  }

  private bound(): Expression | null {
    return this.is(':') || this.is(',') || this.is(']') ? null : this.expression();
  }

  private call(callee: Expression, start: number): Expression {
    const { start: open } = this;
    this.enter();
    this.next();
    const args = this.args(open);
    this.leave();
    const end = this.previousEnd;
    return { kind: 'call', callee, args, parens: { start: open, end }, start, end };
  }

  /** Those of a call or class whose bracket is open, with the bracket that closes it. */
  protected args(open: number): Argument[] {
    const args: Argument[] = [];
    while (!this.is(')') && !this.atLineEnd()) {
      const { end } = this;
      const argument = this.argument();
      if (this.isComprehension()) {
        if (args.length > 0 || argument.form !== 'positional') this.fail();
        const value = this.comprehension('generator', argument.value, null, open, ')');
        return [{ form: 'positional', name: null, value, start: value.start, end: value.end }];
      }
      args.push(argument);
      if (this.is(')') || this.take(',')) continue;
      this.fail();
      if (this.end === end) this.next();
    }
    this.expect(')');
    return args;
  }
  private argument(): Argument {
    const { start } = this;
    const form = this.take('*') ? 'star' : this.take('**') ? 'doubleStar' : 'positional';
    const value = form === 'positional' ? this.named() : this.expression();
    if (form === 'positional' && value.kind === 'name' && value.start === start && this.is('=')) {
      this.next();
      const name = { text: value.id, start, end: value.end };
      return { form: 'keyword', name, value: this.expression(), start, end: this.previousEnd };
    }
    return { form, name: null, value, start, end: this.previousEnd };
  }

  private atom(): Expression {
    const { start, end, value } = this;
    switch (this.kind) {
      case 'name':
        this.next();
        return { kind: 'name', id: this.kept(value), start, end };
      case 'number':
        return this.number();
      case 'string':
      case 'formatted':
        return this.strings();
      case 'keyword':
        if (!Object.hasOwn(constants, value)) return this.missing();
        this.next();
        return { kind: 'constant', value: constants[value as keyof typeof constants], start, end };
      case 'operator':
        if (value === '...') {
          this.next();
          return { kind: 'constant', value: 'ellipsis', start, end };
        }
        return this.bracketed(value);
      default:
        return this.missing();
    }
  }
}

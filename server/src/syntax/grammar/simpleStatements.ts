import type { Expression, Identifier, ImportedModule, ImportedName, Statement } from '../tree.ts';
import { Patterns } from './patterns.ts';

const assignable: ReadonlySet<string> = new Set([
  'name',
  'attribute',
  'subscript',
  'tuple',
  'list',
  'starred',
]);
const augmented = /^(?:[+\-*/%@&|^]|\/\/|\*\*|>>|<<)=$/;

/** Reads statements that hold no others. */
export abstract class SimpleStatements extends Patterns {
  protected simple(): Statement {
    const { start, value } = this;
    if (this.kind === 'keyword') {
      switch (value) {
        case 'pass':
        case 'break':
        case 'continue':
          this.next();
          return { kind: value, start, end: this.previousEnd };
        case 'return':
          this.next();
          return { kind: 'return', value: this.ifAny(), start, end: this.previousEnd };
        case 'raise':
          return this.raised();
        case 'assert':
          return this.asserted();
        case 'del':
          return this.deleted();
        case 'global':
        case 'nonlocal':
          this.next();
          return { kind: value, names: this.names(), start, end: this.previousEnd };
        case 'import':
          return this.imported();
        case 'from':
          return this.importedFrom();
        default:
      }
    }
    return this.expressionOrAssignment();
  }

  private endsStatement(): boolean {
    return this.atLineEnd() || this.is(';');
  }

  private ifAny(): Expression | null {
    return this.endsStatement() ? null : this.expressions();
  }

  private raised(): Statement {
    const { start } = this;
    this.next();
    const isBare = this.endsStatement();
    const exception = isBare ? null : this.expression();
    const cause = !isBare && this.take('from') ? this.expression() : null;
    return { kind: 'raise', exception, cause, start, end: this.previousEnd };
  }

  private asserted(): Statement {
    const { start } = this;
    this.next();
    const test = this.expression();
    const message = this.take(',') ? this.expression() : null;
    return { kind: 'assert', test, message, start, end: this.previousEnd };
  }

  private deleted(): Statement {
    const { start } = this;
    this.next();
    const value = this.targets();
    const targets = value.kind === 'tuple' ? value.elements : [value];
    return { kind: 'delete', targets, start, end: this.previousEnd };
  }

  private names(): Identifier[] {
    const names = [this.identifier()];
    while (this.take(',')) names.push(this.identifier());
    return names;
  }

  private dotted(): string {
    let name = this.identifier().text;
    while (this.take('.')) {
      const { text } = this.identifier();
      if (text !== '') name += `.${text}`;
    }
    return name;
  }

  private alias(): Identifier | null {
    return this.take('as') ? this.identifier() : null;
  }

  private imported(): Statement {
    const { start } = this;
    const names: ImportedModule[] = [];
    do {
      this.next();
      const { start: from } = this;
      const module = this.dotted();
      names.push({ module, alias: this.alias(), start: from, end: this.previousEnd });
    } while (this.is(','));
    return { kind: 'import', names, start, end: this.previousEnd };
  }

  private importedFrom(): Statement {
    const { start } = this;
    this.next();
    let level = 0;
    for (; this.is('.') || this.is('...'); this.next()) level += this.value.length;
    const module = level > 0 && this.is('import') ? '' : this.dotted();
    this.expect('import');
    const star = this.take('*');
    const names = star ? [] : this.importedNames();
    return { kind: 'importFrom', module, level, star, names, start, end: this.previousEnd };
  }

  private importedNames(): ImportedName[] {
    const names: ImportedName[] = [];
    if (this.take('(')) {
      this.separated(')', () => this.importedName(names));
      this.expect(')');
    } else {
      do this.importedName(names);
      while (this.take(','));
    }
    if (names.length === 0) this.fail();
    return names;
  }

  private importedName(into: ImportedName[]): void {
    const { start } = this;
    const name = this.identifier();
    if (name.text !== '') into.push({ name, alias: this.alias(), start, end: this.previousEnd });
  }

  private expressionOrAssignment(): Statement {
    const { start } = this;
    const first = this.yieldOrExpressions();
    if (this.kind === 'operator') {
      const { value: operator } = this;
      if (operator === '=') return this.assignment(first, start);
      if (operator === ':') return this.annotated(first, start);
      if (augmented.test(operator)) {
        this.next();
        const value = this.yieldOrExpressions();
        const plain = operator.slice(0, -1);
        const end = this.previousEnd;
        return {
          kind: 'augmentedAssign',
          target: this.target(first),
          operator: plain,
          value,
          start,
          end,
        };
      }
    }
    return { kind: 'expression', value: first, start, end: this.previousEnd };
  }

  private assignment(first: Expression, start: number): Statement {
    const targets: Expression[] = [];
    let value = first;
    while (this.take('=')) {
      targets.push(this.target(value));
      value = this.yieldOrExpressions();
    }
    return { kind: 'assign', targets, value, start, end: this.previousEnd };
  }

  private annotated(annotated: Expression, start: number): Statement {
    this.next();
    const annotation = this.expression();
    const value = this.take('=') ? this.yieldOrExpressions() : null;
    return {
      kind: 'annotatedAssign',
      target: this.target(annotated),
      annotation,
      value,
      start,
      end: this.previousEnd,
    };
  }

  private target(expression: Expression): Expression {
    if (assignable.has(expression.kind)) return expression;
    this.fail();
    const { start, end } = expression;
    return expression.kind === 'broken'
      ? expression
      : { kind: 'broken', parts: [expression], start, end };
  }
}

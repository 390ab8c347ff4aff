import type { Expression, Identifier } from '../tree.ts';
import { Expressions } from './expressions.ts';

/** What a `case` compares with. */
export interface Pattern {
  /** The literals and dotted names that it stands for; null: it is no plain value. */
  readonly values: readonly Expression[] | null;
  /** Does it fit everything? */
  readonly isIrrefutable: boolean;
}

const structure: Pattern = { values: null, isIrrefutable: false };
const anything: Pattern = { values: null, isIrrefutable: true };

/** Reads the patterns of `match` statements. */
export abstract class Patterns extends Expressions {
  /** With commas between them they are a sequence. @param bindings takes the names that they bind */
  protected patterns(bindings: Identifier[]): Pattern {
    const first = this.pattern(bindings);
    if (!this.is(',')) return first;
    while (this.take(',') && !this.is(':') && !this.is('if')) this.pattern(bindings);
    return structure;
  }

  private pattern(bindings: Identifier[]): Pattern {
    this.enter();
    if (this.take('*')) {
      this.bind(bindings);
      this.leave();
      return structure;
    }
    let result = this.closed(bindings);
    while (this.take('|')) {
      const { values, isIrrefutable } = this.closed(bindings);
      const both = result.values !== null && values !== null;
      result = {
        values: both ? [...(result.values ?? []), ...(values ?? [])] : null,
        isIrrefutable: result.isIrrefutable || isIrrefutable,
      };
    }
    if (this.take('as')) {
      this.bind(bindings);
      result = { ...result, values: null };
    }
    this.leave();
    return result;
  }

  private bind(bindings: Identifier[]): void {
    const name = this.identifier();
    if (name.text !== '_') bindings.push(name);
  }

  private closed(bindings: Identifier[]): Pattern {
    if (this.at('name')) return this.namePattern(bindings);
    if (this.take('(')) return this.group(')', bindings);
    if (this.take('[')) return { ...this.group(']', bindings), ...structure };
    if (this.take('{')) return this.mapping(bindings);
    return { values: [this.binary(5)], isIrrefutable: false };
  }

  private group(close: string, bindings: Identifier[]): Pattern {
    const { start } = this;
    const parts: Pattern[] = [];
    this.separated(close, () => parts.push(this.pattern(bindings)));
    const isSequence = this.text.slice(start, this.start).trimEnd().endsWith(',');
    this.expect(close);
    return parts.length === 1 && !isSequence ? (parts[0] as Pattern) : structure;
  }

  private mapping(bindings: Identifier[]): Pattern {
    this.separated('}', () => {
      if (this.take('**')) {
        this.bind(bindings);
        return;
      }
      this.binary(5);
      this.expect(':');
      this.pattern(bindings);
    });
    this.expect('}');
    return structure;
  }

  /** A name to bind, a dotted name to compare with, or a class. */
  private namePattern(bindings: Identifier[]): Pattern {
    const name = this.identifier();
    const { start } = name;
    let value: Expression = { kind: 'name', id: name.text, start, end: name.end };
    while (this.take('.')) {
      const attribute = this.identifier();
      value = { kind: 'attribute', object: value, name: attribute, start, end: attribute.end };
    }
    if (this.take('(')) {
      this.separated(')', () => this.classPart(bindings));
      this.expect(')');
      return structure;
    }
    if (value.kind === 'attribute') return { values: [value], isIrrefutable: false };
    if (name.text !== '_') bindings.push(name);
    return anything;
  }

  /** `pattern` or `attribute=pattern`. */
  private classPart(bindings: Identifier[]): void {
    this.strictly(() => {
      this.identifier();
      this.expect('=');
    });
    this.pattern(bindings);
  }
}

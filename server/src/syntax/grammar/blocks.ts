import type { Statement } from '../tree.ts';
import { SimpleStatements } from './simpleStatements.ts';
import { syntaxError } from './tokens.ts';

/**
 * Reads lines and blocks. A line is read strictly first, and if that fails once more, putting up with what is
 * wrong: so an error harms the line, or the header of a block, that it is in.
 */
export abstract class Blocks extends SimpleStatements {
  /** Reads the statement with a block that begins here; null: it is another one. */
  protected abstract compound(): Statement | null;

  /** All of them; those of a block are indented like the first. */
  all(isBlock: boolean): Statement[] {
    this.next();
    const body: Statement[] = [];
    const indent = isBlock ? this.indent : 0;
    while (!this.at('end')) this.lineIn(body, indent);
    return body;
  }

  /** A line of a block with this indentation, with the blocks that it opens. */
  private lineIn(body: Statement[], indent: number): void {
    if (this.indent === indent) {
      this.line(body);
      return;
    }
    // What is indented for no reason is not known to belong here.
    const { start } = this;
    this.breakAt(start);
    const parts: Statement[] = [];
    this.line(parts);
    body.push({ kind: 'brokenStatement', parts, start, end: this.previousEnd });
  }

  private line(into: Statement[]): void {
    const { start, nesting } = this;
    try {
      const statement = this.compound();
      if (statement === null) this.simpleLine(into);
      else into.push(statement);
    } catch (error) {
      // Nothing else is thrown than that it is nested too deeply.
      if (error !== syntaxError) throw error;
      this.breakAt(start);
      this.nesting = nesting;
      this.nextLine(start);
      into.push({ kind: 'brokenStatement', parts: [], start, end: this.previousEnd });
    }
  }

  /** Reads what has no block in it, strictly if that is possible. */
  protected tolerantly<T>(read: () => T): T {
    const result = this.strictly(() => ({ read: read() }));
    if (result !== null) return result.read;
    this.isTolerant = true;
    try {
      return read();
    } finally {
      this.isTolerant = false;
    }
  }

  private simpleLine(into: Statement[]): void {
    into.push(
      ...this.tolerantly(() => {
        const statements: Statement[] = [];
        do statements.push(this.simple());
        while (this.take(';') && !this.atLineEnd());
        if (!this.atLineEnd()) this.rest(statements);
        this.next();
        return statements;
      }),
    );
  }

  /** What a line has behind what can be read of it: the last statement is not what it seems to be. */
  private rest(statements: Statement[]): void {
    this.fail();
    const last = statements.pop() as Statement;
    const parts = [last];
    while (!this.atLineEnd()) {
      const { end } = this;
      const value = this.expression();
      if (this.end === end) this.next();
      else parts.push({ kind: 'expression', value, start: value.start, end: value.end });
    }
    statements.push({ kind: 'brokenStatement', parts, start: last.start, end: this.previousEnd });
  }

  /** The colon of a header, with what stands wrongly before it. */
  protected colon(): void {
    if (!this.is(':')) {
      this.fail();
      while (!this.is(':') && !this.atLineEnd()) this.next();
    }
    this.take(':');
  }

  /** What follows a colon; `around` is the indentation of the line that has it. */
  protected block(around: number): Statement[] {
    const body: Statement[] = [];
    if (!this.atLineEnd()) {
      this.simpleLine(body);
      return body;
    }
    this.enter();
    this.next();
    const { indent } = this;
    if (this.at('end') || indent <= around) this.breakAt(this.previousEnd);
    else while (!this.at('end') && this.indent > around) this.lineIn(body, indent);
    this.leave();
    return body;
  }
}

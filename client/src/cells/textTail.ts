/** The beginning and the end of a text that may be far too long; what lies between is only counted. */
export class TextTail {
  private readonly headLength: number;
  private readonly tailLength: number;
  private length = 0;
  private parts: string[] = [];
  private held = 0;

  /** Lengths in characters of what is kept at either end. */
  constructor(headLength: number, tailLength: number) {
    this.headLength = headLength;
    this.tailLength = tailLength;
  }

  /** Takes more text; returns the part of it that still belongs to the beginning. */
  add(text: string): string {
    const head = text.slice(0, Math.max(0, this.headLength - this.length));
    this.length += text.length;
    const rest = text.slice(head.length);
    if (rest === '') return head;
    this.parts.push(rest);
    this.held += rest.length;
    // Joined now and then, so that a flood of small texts costs its length and not its square.
    if (this.held > 2 * this.tailLength) {
      this.parts = [this.parts.join('').slice(-this.tailLength)];
      this.held = this.tailLength;
    }
    return head;
  }

  /** What lies behind the beginning, with a word about what was left out; empty when nothing does. */
  rest(): string {
    const beyond = Math.max(0, this.length - this.headLength);
    if (beyond === 0) return '';
    const tail = this.parts.join('').slice(-this.tailLength);
    const omitted = beyond - tail.length;
    if (omitted === 0) return tail;
    return `\n… ${omitted.toLocaleString('en')} characters left out …\n${tail}`;
  }
}

import type { CutText } from './cutText.ts';
import { cutText } from './cutText.ts';
import type { LeftOut } from './lowering.ts';
import type { Outline } from './outline.ts';
import type { Module, Span, Statement } from './tree.ts';

/** Parses a stretch of a text that lies at this offset. */
type ParseStretch = (stretch: string, offset: number) => Module;

/** A text without the bodies of its functions, which are parsed when they are asked for; a number stands for each. */
export interface Shortened extends CutText {
  readonly leftOut: LeftOut;
  /** Is one of the bodies broken? Parses all of them. */
  readonly isBroken: () => boolean;
}

export function withoutBodies(text: string, outline: Outline, parse: ParseStretch): Shortened {
  const bodies = new Map<number, Body>();
  const stretches: Span[] = [];
  for (const { header, next } of outline.functions) {
    const [line, first, last] = [header, header + 1, next - 1].map((i) => outline.lines[i]);
    if (line === undefined || first === undefined || last === undefined) continue;
    stretches.push({ start: first.start, end: last.end });
    const after = outline.lines[next];
    const until = after === undefined ? text.length : after.start - after.indent;
    const { start, indent } = line;
    bodies.set(start, new Body(text, { start, end: last.end, until, indent }, parse));
  }
  return {
    ...cutText(text, stretches, '0'),
    leftOut: new Map([...bodies].map(([start, body]) => [start, () => body.parsed.body])),
    isBroken: () => [...bodies.values()].some((body) => body.parsed.broken),
  };
}

interface Place {
  readonly start: number;
  readonly end: number;
  /** Where what follows begins: comments before it may count as part of statements that end here. */
  readonly until: number;
  readonly indent: number;
}

/** The body of one function. */
class Body {
  private readonly text: string;
  private readonly place: Place;
  private readonly parse: ParseStretch;
  private known: Pick<Module, 'body' | 'broken'> | undefined;

  /** @param place of its function. */
  constructor(text: string, place: Place, parse: ParseStretch) {
    this.text = text;
    this.place = place;
    this.parse = parse;
  }

  get parsed(): Pick<Module, 'body' | 'broken'> {
    this.known ??= this.read();
    return this.known;
  }

  private read(): Pick<Module, 'body' | 'broken'> {
    const { start, end, until, indent } = this.place;
    // What is indented needs something to be indented under.
    const before = indent === 0 ? '' : `if 1:\n${' '.repeat(indent)}`;
    const module = this.parse(before + this.text.slice(start, until), start - before.length);
    const [outer] = module.body;
    const [whole] = outer?.kind === 'if' && indent > 0 ? outer.body : module.body;
    const isWhole = module.body.length === 1 && whole?.kind === 'function';
    if (isWhole && !module.broken) return { body: whole.body, broken: false };
    if (isWhole) return { body: within(whole.body, this.place), broken: true };
    const parts = within(module.body, this.place);
    return { body: [{ kind: 'brokenStatement', parts, start, end }], broken: true };
  }
}

/** Of what could not be read as one function, the statements that lie where it does. */
const within = (body: readonly Statement[], place: Span): Statement[] =>
  body.flatMap((statement) => {
    if (statement.start >= place.start && statement.end <= place.end) return [statement];
    if (statement.kind === 'if') return within([...statement.body, ...statement.orElse], place);
    return statement.kind === 'brokenStatement' ? within(statement.parts, place) : [];
  });

import type { ClassStatement, FunctionStatement, Module, Node, Span } from '../syntax/tree.ts';
import { walk } from '../syntax/visit.ts';
import type { Fact } from './facts.ts';

/** Where the program is not taken on a Mac, and the names that it has read on its way. */
export class Reached {
  private readonly dead: Span[] = [];
  private readonly names = new Set<string>();

  /** Code that no Mac gets to, in one of its runs. */
  skip(body: readonly Span[]): void {
    const [first] = body;
    const last = body.at(-1);
    if (first !== undefined && last !== undefined)
      this.dead.push({ start: first.start, end: last.end });
  }

  /** A name or an attribute that is read. */
  read(name: string): void {
    this.names.add(name);
  }

  /** The facts without those of functions that the file calls in code for CUDA alone. */
  withoutDeadFunctions(facts: readonly Fact[], module: Module): readonly Fact[] {
    if (this.dead.length === 0) return facts;
    const dead = this.deadFunctions(module);
    if (dead.length === 0) return facts;
    return facts.filter(
      ({ node, reached }) =>
        reached || !dead.some(({ start, end }) => start <= node.start && node.end <= end),
    );
  }

  private deadFunctions(module: Module): readonly FunctionStatement[] {
    const defined = new Map<string, (FunctionStatement | ClassStatement)[]>();
    const uses = new Map<string, Span[]>();
    const note = <T>(map: Map<string, T[]>, name: string, one: T): void => {
      const known = map.get(name);
      if (known === undefined) map.set(name, [one]);
      else known.push(one);
    };
    walk(module.body, (node: Node) => {
      if (node.kind === 'function' || node.kind === 'class') note(defined, node.name.text, node);
      else if (node.kind === 'name') note(uses, node.id, node);
      else if (node.kind === 'attribute') note(uses, node.name.text, node.name);
      // `__all__ = ["to_gpu"]`: others call it.
      else if (node.kind === 'string') note(uses, node.value, node);
    });
    return [...defined].flatMap(([name, [owner, ...others]]) => {
      if (owner?.kind !== 'function' || others.length > 0 || this.names.has(name)) return [];
      const outside = uses.get(name)?.filter((use) => !isIn(use, owner)) ?? [];
      const isDead =
        outside.length > 0 && outside.every((use) => this.dead.some((at) => isIn(use, at)));
      return isDead ? [owner] : [];
    });
  }
}

const isIn = (inner: Span, outer: Span): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

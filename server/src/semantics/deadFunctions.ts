import type {
  ClassStatement,
  Expression,
  FunctionStatement,
  Module,
  Node,
  Span,
} from '../syntax/tree.ts';
import type { Fact } from './facts.ts';
import { walkAround } from './nodesAround.ts';

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

  /** Functions that the unreached code names, and nothing that is reached, nor Python itself: most files have none. */
  private mayBeDead({ text }: Module): ReadonlySet<string> {
    const named = new Set(
      this.dead.flatMap(({ start, end }) => text.slice(start, end).match(/[^\W\d]\w*/gu) ?? []),
    );
    const defined = [...text.matchAll(/\bdef\s+([^\W\d]\w*)/gu)].map(([, name]) => name as string);
    return new Set(
      defined.filter((name) => named.has(name) && !this.names.has(name) && !/^__\w+__$/.test(name)),
    );
  }

  private deadFunctions(module: Module): readonly FunctionStatement[] {
    const candidates = this.mayBeDead(module);
    if (candidates.size === 0) return [];
    const defined = new Map<string, (FunctionStatement | ClassStatement)[]>();
    const uses = new Map<string, Span[]>();
    const note = <T>(map: Map<string, T[]>, name: string, one: T): void => {
      const known = map.get(name);
      if (known === undefined) map.set(name, [one]);
      else known.push(one);
    };
    const named = new RegExp(`\\b(?:${[...candidates].join('|')})\\b`, 'g');
    walkAround(module.body, module.text, named, (node: Node) => {
      if (node.kind === 'function' || node.kind === 'class') note(defined, node.name.text, node);
      else if (node.kind === 'name') note(uses, node.id, node);
      else if (node.kind === 'attribute') note(uses, node.name.text, node.name);
      // `__all__ = ["to_gpu"]`: others call it.
      else if (node.kind === 'string') note(uses, node.value, node);
    });
    return [...defined].flatMap(([name, [owner, ...others]]) => {
      // Who decorates a function may call it.
      if (
        owner?.kind !== 'function' ||
        !owner.decorators.every(isPlain) ||
        others.length > 0 ||
        !candidates.has(name)
      )
        return [];
      const outside = uses.get(name)?.filter((use) => !isIn(use, owner)) ?? [];
      const isDead =
        outside.length > 0 && outside.every((use) => this.dead.some((at) => isIn(use, at)));
      return isDead ? [owner] : [];
    });
  }
}

const isPlain = (decorator: Expression): boolean => {
  const callee = decorator.kind === 'call' ? decorator.callee : decorator;
  const name =
    callee.kind === 'attribute' ? callee.name.text : callee.kind === 'name' ? callee.id : '';
  return /^(?:staticmethod|classmethod|property|no_grad|inference_mode|wraps|lru_cache|cache|autocast)$/.test(
    name,
  );
};

const isIn = (inner: Span, outer: Span): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

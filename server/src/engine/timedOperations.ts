import type { TimedWindowFact } from '../semantics/facts.ts';
import type { RecordedValues } from '../semantics/recordedValues.ts';
import type { Expression, ForStatement, Module, Node, WhileStatement } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import { grouped } from './grouped.ts';

/** An operation of a timed window. */
export interface Operation {
  readonly node: Expression;
  /** How often it runs there; null: not known. */
  readonly total: number | null;
  /** How often its result is computed there; null: as often as it runs. */
  readonly computed: number | null;
}

/** How often a node runs in a window, from the loops around it there; null when it cannot be told. */
export function repetitionsOf(
  node: Expression,
  runs: number,
  fact: TimedWindowFact,
  module: Module,
  values: RecordedValues,
): number | null {
  const loops = loopsAround(module, node);
  const isInside = fact.startStatement.end <= node.start && node.end <= fact.endStatement.end;
  // What a function does that is called from a loop is not counted.
  if (!isInside) return runs === 1 && loops.length === 0 ? 1 : null;
  let total = 1;
  for (const loop of loops) {
    if (loop.start < fact.startStatement.end) continue;
    const rounds = loop.kind === 'for' ? roundsOf(loop, values) : null;
    if (rounds === null) return null;
    total *= rounds;
  }
  return total;
}

function loopsAround(module: Module, node: Expression): (ForStatement | WhileStatement)[] {
  const loops: (ForStatement | WhileStatement)[] = [];
  const visit = (at: Node): void => {
    if (node.start < at.start || at.end < node.end) return;
    // The iterable of a loop is evaluated once.
    if (at.kind === 'for' && node.start >= (at.body[0]?.start ?? at.end)) loops.push(at);
    if (at.kind === 'while') loops.push(at);
    for (const child of childrenOf(at)) visit(child);
  };
  for (const statement of module.body) visit(statement);
  return loops;
}

/** Rounds of `for _ in range(…)` with numbers that are known, and of a written list. */
function roundsOf({ iterable, body }: ForStatement, values: RecordedValues): number | null {
  if (body.some(leavesEarly)) return null;
  if (iterable.kind === 'list' || iterable.kind === 'tuple') return iterable.elements.length;
  if (iterable.kind !== 'call' || values.valueOf(iterable.callee)?.name !== 'builtins.range')
    return null;
  const numbers = iterable.args.map(({ value }) => values.valueOf(value)?.constant);
  if (!numbers.every((number) => typeof number === 'number')) return null;
  const [start = 0, stop = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
  return step === 0 ? null : Math.max(0, Math.ceil((stop - start) / step));
}

const leavesEarly = (node: Node): boolean =>
  ['break', 'continue', 'return'].includes(node.kind) || childrenOf(node).some(leavesEarly);

const operators: Readonly<Record<string, string>> = {
  '@': 'matmul',
  '+': 'addition',
  '-': 'subtraction',
  '*': 'multiplication',
  '/': 'division',
};

const matmuls: ReadonlySet<string> = new Set(['matmul', 'mm', 'bmm']);

/** The singular of what is counted: `matmul`, `softmax call`. */
function nameOf(node: Expression): string {
  if (node.kind === 'binary') return operators[node.operator] ?? 'operation';
  if (node.kind !== 'call') return 'operation';
  const { callee } = node;
  const name =
    callee.kind === 'name' ? callee.id : callee.kind === 'attribute' ? callee.name.text : null;
  if (name === null) return 'operation';
  return matmuls.has(name) ? 'matmul' : `${name} call`;
}

/** `20 matmuls`, `1 matmul of 20`, `20 matmuls and 20 sum calls`, `60 operations`. */
export function operationsText(operations: readonly Operation[]): string {
  const kinds = [...grouped(operations, ({ node }) => nameOf(node))].map(([name, each]) => ({
    name,
    total: sum(each.map(({ total }) => total)),
    computed: sum(each.map(({ computed }) => computed)),
  }));
  if (kinds.length <= 2) return kinds.map(kindText).join(' and ');
  return kindText({
    name: 'operation',
    total: sum(kinds.map(({ total }) => total)),
    computed: sum(kinds.map(({ computed }) => computed)),
  });
}

const sum = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce((a, b) => (a === null || b === null ? null : a + b), 0);

function kindText(kind: {
  readonly name: string;
  readonly total: number | null;
  readonly computed: number | null;
}): string {
  const { name, total, computed } = kind;
  if (computed === total) return total === null ? `${name}s` : counted(total, name);
  return `${counted(computed ?? 0, name)} of ${total ?? 'all'}`;
}

const counted = (count: number, name: string): string =>
  `${count} ${name}${count === 1 ? '' : 's'}`;

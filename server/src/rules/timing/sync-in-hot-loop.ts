import type { Fact, Facts } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { Expression, Module, Statement } from '../../syntax/tree.ts';
import { childrenOf, walk } from '../../syntax/visit.ts';
import { isInEachRound } from '../eachRound.ts';
import { insertLinesAfter, ownsItsLines, replace, textOf } from '../edits.ts';
import type { Edit, Fix } from '../finding.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'sync-in-hot-loop',
    code: 'MPS402',
    severity: 'info',
    summary: 'A training loop waits for the GPU in every step',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  besides: [{ words: /^backward$/, needed: macDevice }],
  calls: (name) => readingFunctions.has(name),
  on: {
    methodCall(fact, report, { facts, module }) {
      if (fact.object.kind !== 'tensor' || !readers.has(fact.name)) return;
      if (isCertainly(fact.device, 'cpu') || !isInEachStep(fact, facts, module)) return;
      const at = { start: fact.callee.name.start, end: fact.node.end };
      const fixes = fact.name === 'item' ? sumFixes(fact, replace(at, 'detach()'), module) : [];
      report({ at, message, fixes });
    },
    // `if loss > 5:`, `f"{loss}"`
    tensorRead(fact, report, { facts, module }) {
      if (!isCertainly(fact.device, 'cpu') && isInEachStep(fact, facts, module))
        report({ at: fact.node, message });
    },
    // `print(loss)`, `float(loss)`
    libraryCall(fact, report, { facts, module }) {
      if (!isInEachStep(fact, facts, module)) return;
      const reads = fact.positional.some(
        (value) => value.kind === 'tensor' && !isCertainly(value.device, 'cpu'),
      );
      const [read] = fact.node.args;
      const isNumber = fact.name === 'builtins.float' && read !== undefined;
      const text = isNumber ? `${textOf(module, read.value)}.detach()` : '';
      const fixes =
        isNumber && canBeFollowed(read.value)
          ? sumFixes(fact, replace(fact.node, text), module)
          : [];
      if (reads) report({ at: fact.node, message, fixes });
    },
  },
};

const message = 'Waits for the GPU in every step: add up on the device and read after the loop.';

/** `total += loss.item()` adds up on the device, and the number is read once after the loop. */
function sumFixes({ statement, loop }: Fact, kept: Edit, module: Module): Fix[] {
  const name = sumOf(statement);
  if (name === null || loop === null || !ownsItsLines(module, loop)) return [];
  // Read in the loop, it would be read in each step again: `bar.set_postfix(loss=total / step)`.
  let uses = 0;
  walk(loop.body, (node) => {
    if (node.kind === 'name' && node.id === name) uses += 1;
  });
  const own = statement.kind === 'assign' ? 2 : 1;
  if (uses > own) return [];
  return [
    fix('Add up on the device and read after the loop', 'unsafe', () => [
      kept,
      insertLinesAfter(module, loop, [`${name} = float(${name})`]),
    ]),
  ];
}

/** The name of `total += …` and `total = total + …`. */
function sumOf(statement: Statement): string | null {
  if (statement.kind === 'augmentedAssign')
    return statement.operator === '+' && statement.target.kind === 'name'
      ? statement.target.id
      : null;
  if (statement.kind !== 'assign' || statement.targets.length !== 1) return null;
  const [target] = statement.targets;
  const { value } = statement;
  const isSum =
    target?.kind === 'name' &&
    value.kind === 'binary' &&
    value.operator === '+' &&
    value.left.kind === 'name' &&
    value.left.id === target.id;
  return isSum ? target.id : null;
}

const readers: ReadonlySet<string> = new Set(['item', 'tolist', 'numpy', 'cpu']);

const readingFunctions: ReadonlySet<string> = new Set(
  ['print', 'float', 'int'].map((name) => `builtins.${name}`),
);

/** Can `.detach()` be written behind it as it is? */
const canBeFollowed = ({ kind }: Expression): boolean =>
  ['name', 'attribute', 'call', 'subscript'].includes(kind);

/** In every round of a training loop: not behind a test such as `step % 10 == 0`. */
const isInEachStep = (fact: Fact, facts: Facts, module: Module): boolean =>
  fact.loop !== null && usesMps(facts) && isInEachRound(fact, module) && trains(fact.loop.body);

/** Does the loop call `backward`? */
const trains = (body: readonly Statement[]): boolean => {
  const pending: object[] = [...body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { kind, name } = node as { kind?: string; name?: { text?: string } };
    if (kind === 'attribute' && name?.text === 'backward') return true;
    pending.push(...childrenOf(node as Statement));
  }
  return false;
};

import type { Fact, Facts } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { Statement } from '../../syntax/tree.ts';
import { childrenOf } from '../../syntax/visit.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'sync-in-hot-loop',
    code: 'MPS402',
    severity: 'info',
    summary: 'A training loop waits for the GPU in every step',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  besides: [{ words: /^backward$/, needed: macDevice }],
  calls: (name) => readingFunctions.has(name),
  on: {
    methodCall(fact, report, { facts }) {
      if (fact.object.kind !== 'tensor' || !readers.has(fact.name)) return;
      if (isCertainly(fact.device, 'cpu') || !isInEachStep(fact, facts)) return;
      report({ at: { start: fact.callee.name.start, end: fact.node.end }, message });
    },
    // `print(loss)`, `float(loss)`
    libraryCall(fact, report, { facts }) {
      if (!isInEachStep(fact, facts)) return;
      const reads = fact.positional.some(
        (value) => value.kind === 'tensor' && !isCertainly(value.device, 'cpu'),
      );
      if (reads) report({ at: fact.node, message });
    },
  },
};

const message = 'Waits for the GPU in every step: add up on the device and read after the loop.';

const readers: ReadonlySet<string> = new Set(['item', 'tolist', 'numpy', 'cpu']);

const readingFunctions: ReadonlySet<string> = new Set(
  ['print', 'float', 'int'].map((name) => `builtins.${name}`),
);

/** In every round of a training loop: not behind a test such as `step % 10 == 0`. */
function isInEachStep({ loop, tests }: Fact, facts: Facts): boolean {
  if (loop === null || !usesMps(facts)) return false;
  return !tests.some((test) => test.start >= loop.start) && trains(loop.body);
}

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

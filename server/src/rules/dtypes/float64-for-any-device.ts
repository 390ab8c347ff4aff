import type { Fact, Facts } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import { textOf } from '../edits.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { anyOf, mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'float64-for-any-device',
    code: 'MPS204',
    severity: 'info',
    summary: 'A tensor of the caller is cast to float64, wherever it is',
    since: '0.1.0',
    fix: 'none',
  },
  words: anyOf(mps, /double|float64/),
  on: {
    methodCall(fact, report, context) {
      if (fact.object.kind !== 'tensor' || fact.device !== null || caresForMps(fact, context))
        return;
      const casts =
        fact.name === 'double' ||
        (fact.name === 'to' && fact.positional.length === 1 && isDouble(fact.positional[0]));
      if (!casts || fact.callee.object.kind !== 'name') return;
      report({ at: { start: fact.callee.name.start, end: fact.node.end }, message });
    },
    libraryCall(fact, report, context) {
      if (!fact.name.startsWith('torch.') || !isDouble(fact.keywords.get('dtype'))) return;
      const device = fact.node.args.find(({ name }) => name?.text === 'device')?.value;
      if (device?.kind !== 'attribute' || device.name.text !== 'device') return;
      if (fact.keywords.get('device')?.kind !== 'unknown' || caresForMps(fact, context)) return;
      report({
        at: fact.node.args.find(({ name }) => name?.text === 'dtype') ?? fact.node,
        message,
      });
    },
  },
};

const message = 'Raises TypeError when the tensor is on MPS, which has no float64.';

const isDouble = (value: Value | undefined): boolean =>
  value?.kind === 'dtype' && value.framework === 'torch' && value.name === 'float64';

/** Does a test around it, or any in the same function, speak of MPS? */
const caresForMps = (fact: Fact, { module, facts }: RuleContext): boolean =>
  asksForMps(facts, fact.scope) ||
  fact.tests.some((test) => /mps|cpu|double|float64/.test(textOf(module, test)));

const asksForMps = (facts: Facts, scope: number): boolean =>
  facts.askedInScope.get(scope)?.has('mps') === true;

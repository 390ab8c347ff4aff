import type { MethodCallFact } from '../../semantics/facts.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import type { AttributeExpression, CallExpression, Module } from '../../syntax/tree.ts';
import { dotOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { isMpsLiteral, moveTarget } from '../mpsLiteral.ts';
import { mpsDeviceOf } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { usesParameter } from '../usesParameter.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cpu-roundtrip',
    code: 'MPS507',
    severity: 'warning',
    summary: 'A tensor on MPS is copied to the CPU and back',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: macDevice,
  on: {
    methodCall(fact, report, { facts, module }) {
      const target = fact.positional[0] ?? fact.keywords.get('device');
      const inner = fact.callee.object;
      if (fact.name !== 'to' || target === undefined || inner.kind !== 'call') return;
      if (!isCertainly(asDevice(target), 'mps') || inner.callee.kind !== 'attribute') return;
      if (inner.callee.name.text !== 'cpu') return;
      const source = facts.facts.find(
        (other) => other.kind === 'methodCall' && other.node === inner,
      );
      const device = source?.kind === 'methodCall' ? mpsDeviceOf(source.object) : null;
      if (device === null) return;
      report({
        at: { start: inner.callee.name.start, end: fact.node.end },
        message: 'Copies to the CPU and back: it is on MPS already.',
        fixes: [fixOf(fact, inner, inner.callee, device.choice === undefined, module)],
      });
    },
  },
};

/** Who may change the tensor gets a copy as before; the result of an operator has no other name. */
function fixOf(
  { node, caught }: MethodCallFact,
  inner: CallExpression,
  toCpu: AttributeExpression,
  isOnMps: boolean,
  module: Module,
): Fix {
  const dot = dotOf(module, toCpu);
  const isPlain = inner.args.length === 0 && node.args.length === 1;
  const isOperator = toCpu.object.kind === 'binary';
  if (
    isPlain &&
    !isOperator &&
    isOnMps &&
    !usesParameter(toCpu.object, module) &&
    caught.size === 0 &&
    isMpsLiteral(moveTarget(node), module)
  )
    return fix('Copy it where it is', 'safe', () => [
      { start: dot, end: node.end, text: '.clone()' },
    ]);
  return fix('Leave it where it is', isPlain && isOperator ? 'safe' : 'unsafe', () => [
    { start: dot, end: inner.end, text: '' },
  ]);
}

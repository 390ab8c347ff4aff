import type { MethodCallFact } from '../../semantics/facts.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import { textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { isOneLine, putBehind } from '../guards.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'channels-last-on-mps',
    code: 'MPS505',
    severity: 'info',
    summary: 'The channels-last layout is asked for on MPS',
    since: '0.1.0',
    fix: 'safe',
  },
  words: macDevice,
  besides: [{ words: /channels_last/, needed: macDevice }],
  on: {
    methodCall(fact, report, context) {
      const format = fact.keywords.get('memory_format');
      if (format?.kind !== 'library' || format.name !== 'torch.channels_last') return;
      const target = fact.positional[0] ?? fact.keywords.get('device');
      const device = (target === undefined ? null : asDevice(target)) ?? fact.device;
      const argument = fact.node.args.find(({ name }) => name?.text === 'memory_format');
      if (!isCertainly(device, 'mps') || argument === undefined) return;
      report({
        at: argument,
        message:
          'Slower on MPS, not faster: convolutions have been up to 30 times slower in this layout.',
        fixes: fixes(fact, context),
      });
    },
  },
};

/** `model = model.to(memory_format=torch.channels_last)`: nothing else happens there. */
function fixes({ node, statement, callee }: MethodCallFact, { facts, module }: RuleContext): Fix[] {
  const torch = facts.localNames.get('torch')?.name;
  const targets = statement.kind === 'assign' ? statement.targets : [];
  const isKept =
    (statement.kind === 'expression' && statement.value === node) ||
    (statement.kind === 'assign' &&
      statement.value === node &&
      targets.length === 1 &&
      targets.every((target) => textOf(module, target) === textOf(module, callee.object)));
  if (torch === undefined || !isKept || node.args.length !== 1 || !isOneLine(module, statement))
    return [];
  return [
    fix('Leave the layout as it is on MPS', 'safe', () =>
      putBehind(module, statement, `if not ${torch}.backends.mps.is_available():`),
    ),
  ];
}

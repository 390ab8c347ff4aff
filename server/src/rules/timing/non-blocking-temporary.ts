import { asDevice, isCertainly } from '../../semantics/values.ts';
import { replace, textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isAtLeast } from '../versions.ts';

export const rule: Rule = {
  meta: {
    name: 'non-blocking-temporary',
    code: 'MPS404',
    severity: 'warning',
    summary: 'A temporary tensor is copied to MPS without waiting',
    since: '0.1.0',
    fix: 'safe',
  },
  on: {
    methodCall(fact, report, { module, environment }) {
      const asynchronous = fact.keywords.get('non_blocking');
      // Later versions have not been read.
      if (isAtLeast(environment.versions.torch, '2.16')) return;
      if (asynchronous?.kind !== 'constant' || asynchronous.value !== true) return;
      if (fact.object.kind !== 'tensor' || fact.name !== 'to' || fact.callee.object.kind !== 'call')
        return;
      const target = fact.positional[0] ?? fact.keywords.get('device');
      const device = target === undefined ? null : asDevice(target);
      if (!isCertainly(fact.device, 'cpu') || device === null || !isCertainly(device, 'mps'))
        return;
      const argument = fact.node.args.find(({ name }) => name?.text === 'non_blocking')?.value;
      const first = fact.node.args[0]?.value;
      if (argument === undefined) return;
      const test =
        target?.kind === 'device' && first?.kind === 'name'
          ? `${textOf(module, first)}.type == "cuda"`
          : null;
      report({
        at: argument,
        message:
          'The source is gone before the copy is done: on MPS the tensor may hold garbage (torch 2.15 and before).',
        fixes: [
          fix('Copy without waiting on CUDA only', 'safe', () => [
            replace(argument, test ?? 'False'),
          ]),
        ],
      });
    },
  },
};

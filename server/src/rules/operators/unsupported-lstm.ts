import type { Value } from '../../semantics/values.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { isAtLeast, isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'unsupported-lstm',
    code: 'MPS604',
    severity: 'warning',
    summary: 'An LSTM is made in a form that MPS does not compute rightly',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  besides: [{ words: /LSTM/, needed: macDevice }],
  calls: (name) => name === 'torch.nn.LSTM',
  on: {
    libraryCall(fact, report, { facts, environment }) {
      if (!usesMps(facts)) return;
      const at = { start: fact.node.callee.start, end: fact.node.end };
      if (numberOf(fact.keywords.get('proj_size')) > 0) {
        report({
          at,
          message: 'MPS has no LSTM with projections: the forward pass raises RuntimeError.',
        });
        return;
      }
      const layers = numberOf(fact.keywords.get('num_layers') ?? fact.positional[2]);
      const dropout = numberOf(fact.keywords.get('dropout') ?? fact.positional[5]);
      const installed = environment.versions.torch;
      if (layers < 2 || dropout <= 0 || isAtLeast(installed, '2.15')) return;
      const isOld = isBefore(installed, '2.15');
      report({
        at,
        message: `${isOld ? `torch ${installed}` : 'torch before 2.15'} computes wrong gradients on MPS for an LSTM of ${layers} layers with dropout.`,
        severity: isOld ? 'warning' : 'info',
      });
    },
  },
};

const numberOf = (value: Value | undefined): number =>
  value?.kind === 'constant' && typeof value.value === 'number' ? value.value : 0;

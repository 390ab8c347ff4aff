import { isCertainly } from '../../semantics/values.ts';
import { textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'device-mismatch',
    code: 'MPS112',
    severity: 'warning',
    summary: 'A model on MPS is called with a tensor that stayed on the CPU',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  on: {
    moduleCall(fact, report, context) {
      const { device } = fact;
      if (device === null || !isCertainly(device, 'mps')) return;
      if (fact.forward !== null && placesInputs.test(fact.forward)) return;
      fact.positional.forEach((value, i) => {
        const argument = fact.node.args[i]?.value;
        if (argument === undefined || value.kind !== 'tensor') return;
        if (!isCertainly(value.device, 'cpu') || value.device?.choice !== undefined) return;
        const target = device.origin === undefined ? null : textOf(context.module, device.origin);
        report({
          at: argument,
          message: 'The model is on MPS and this tensor on the CPU: the call raises RuntimeError.',
          fixes:
            argument.kind === 'name' && target !== null && /^["'\w.]+$/.test(target)
              ? [
                  fix('Move it to the device of the model', 'unsafe', () => [
                    { start: argument.end, end: argument.end, text: `.to(${target})` },
                  ]),
                ]
              : [],
        });
      });
    },
  },
};

/** A forward method that handles devices itself takes tensors from anywhere. */
const placesInputs = /device|\.(?:to|cpu|cuda|mps)\(/;

import type { CallExpression } from '../../syntax/tree.ts';
import { replace } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';

const message = 'A Mac has one MPS device, number 0: using another raises RuntimeError.';

/** `torch.device("mps", 1)` */
function isSecondDevice({ args }: CallExpression): boolean {
  const [type, index] = args.map(({ value }) => value);
  return (
    type?.kind === 'string' && type.value === 'mps' && index?.kind === 'number' && index.value > 0
  );
}

export const rule: Rule = {
  meta: {
    name: 'mps-device-index',
    code: 'MPS117',
    severity: 'error',
    summary: 'A second MPS device is named, and there is one only',
    since: '0.1.0',
    fix: 'safe',
  },
  words: mps,
  on: {
    deviceUse(fact, report) {
      const literal = fact.device.origin;
      if (literal?.kind === 'call' && isSecondDevice(literal)) {
        report({ at: literal, message });
        return;
      }
      if (literal?.kind !== 'string' || !/^mps:[1-9]\d*$/.test(literal.value)) return;
      report({
        at: literal,
        message,
        fixes: [fix('Use "mps"', 'safe', () => [replace(literal, '"mps"')])],
      });
    },
  },
};

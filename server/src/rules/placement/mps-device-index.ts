import { replace } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';

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
      if (literal?.kind !== 'string' || !/^mps:[1-9]\d*$/.test(literal.value)) return;
      report({
        at: literal,
        message: 'A Mac has one MPS device, number 0: using another raises RuntimeError.',
        fixes: [fix('Use "mps"', 'safe', () => [replace(literal, '"mps"')])],
      });
    },
  },
};

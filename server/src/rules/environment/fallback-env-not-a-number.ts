import { mpsVariables } from '../../tables/mpsVariables.ts';
import { replace, textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';
import { isReadElsewhere } from './readElsewhere.ts';

export const rule: Rule = {
  meta: {
    name: 'fallback-env-not-a-number',
    code: 'MPS306',
    severity: 'error',
    summary: 'A variable for MPS is set to something that torch or Python cannot read',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: mps,
  on: {
    environmentWrite(fact, report, context) {
      const { module } = context;
      const { name, node, value } = fact;
      if (value !== null && !fact.isText && mpsVariables.has(name)) {
        const place = fact.valueExpression;
        const isOwn = place !== null && place.start >= fact.statement.start;
        report({
          at: node,
          message: 'os.environ takes text only: this raises TypeError "str expected".',
          fixes:
            isOwn && place.end <= fact.statement.end
              ? [
                  fix('Write it as text', 'safe', () => [
                    replace(place, JSON.stringify(asNumber(textOf(module, place)))),
                  ]),
                ]
              : [],
        });
        return;
      }
      if (name !== 'PYTORCH_ENABLE_MPS_FALLBACK' || value === null) return;
      // What is set too late is not read at all. std::stoi takes what begins with a number.
      if (fact.torchLoadedBy !== null || /^\s*[+-]?\d/.test(value)) return;
      const meant = numbers.get(value.trim().toLowerCase());
      const place = fact.valueExpression ?? fact.statement;
      const inside = textOf(module, place).lastIndexOf(value);
      const at = place.start + inside;
      // Another name for the text may be used for something else, too.
      const isOwn = place.start >= fact.statement.start && place.end <= fact.statement.end;
      const isSafe = isOwn && !isReadElsewhere(fact, context);
      report({
        at: node,
        message: `torch reads "${value}" with std::stoi, which throws: import torch ends the process on a Mac.`,
        fixes:
          meant === undefined || inside < 0
            ? []
            : [
                fix(`Set it to ${meant}`, isSafe ? 'safe' : 'unsafe', () => [
                  { start: at, end: at + value.length, text: meant },
                ]),
              ],
      });
    },
  },
};

const asNumber = (text: string): string => numbers.get(text.toLowerCase()) ?? text;

const numbers: ReadonlyMap<string, string> = new Map([
  ...['true', 'yes', 'on'].map((word): [string, string] => [word, '1']),
  ...['false', 'no', 'off'].map((word): [string, string] => [word, '0']),
]);

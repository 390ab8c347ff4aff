import { laterFunctions, missingMpsFunctions } from '../../tables/mpsFunctions.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'mps-api-not-existing',
    code: 'MPS110',
    severity: 'error',
    summary: 'A function is called that torch does not have for MPS, or not yet',
    since: '0.1.0',
    fix: 'safe',
  },
  words: macDevice,
  on: {
    attribute(fact, report, { environment }) {
      if (fact.object.kind !== 'library') return;
      const { name, object } = fact.node;
      const { torch } = environment.versions;
      const since = laterFunctions.get(`${fact.object.name}.${name.text}`);
      // Who catches or tests has thought of older versions.
      if (since !== undefined) {
        if (!isBefore(torch, since) || fact.caught.size > 0 || fact.tests.length > 0) return;
        report({
          at: { start: object.start, end: name.end },
          message: `${fact.object.name}.${name.text} does not exist in torch ${torch}: this raises AttributeError. ${since} has it.`,
        });
        return;
      }
      if (fact.object.name !== 'torch.mps') return;
      // A function that takes any backend's module asks for its name at run time.
      if (object.kind !== 'attribute' || object.name.text !== 'mps') return;
      const instead = missingMpsFunctions.get(name.text);
      if (instead === undefined || fact.caught.has('AttributeError')) return;
      report({
        at: { start: object.start, end: name.end },
        message:
          `torch.mps has no ${name.text}: this raises AttributeError.` +
          (instead === null ? '' : ` torch.mps.${instead} is what it has.`),
        fixes:
          instead === null
            ? []
            : [
                fix(`Use ${instead}`, 'safe', () => [
                  { start: name.start, end: name.end, text: instead },
                ]),
              ],
      });
    },
  },
};

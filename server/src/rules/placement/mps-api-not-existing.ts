import { missingMpsFunctions } from '../../tables/mpsFunctions.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mps-api-not-existing',
    code: 'MPS110',
    severity: 'error',
    summary: 'A function of torch.cuda is called in torch.mps, which does not have it',
    since: '0.1.0',
    fix: 'safe',
  },
  on: {
    attribute(fact, report) {
      if (fact.object.kind !== 'library' || fact.object.name !== 'torch.mps') return;
      const { name, object } = fact.node;
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

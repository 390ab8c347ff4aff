import { isCaught } from '../../semantics/facts.ts';
import {
  laterFunctions,
  misplacedMpsFunctions,
  missingMpsFunctions,
} from '../../tables/mpsFunctions.ts';
import { replace, textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

const hint = (instead: string | null): string =>
  instead === null ? '' : ` torch.mps.${instead} is what it has.`;

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
    import(fact, report) {
      const { node } = fact;
      if (node.kind !== 'importFrom' || node.module !== 'torch.mps') return;
      if (isCaught(fact, 'ImportError')) return;
      for (const { name } of node.names) {
        const instead = missingMpsFunctions.get(name.text);
        if (instead !== undefined)
          report({
            at: name,
            message: `torch.mps has no ${name.text}: this raises ImportError.${hint(instead)}`,
          });
      }
    },
    methodCall(fact, report) {
      const { callee, object, node } = fact;
      if (fact.name !== 'mps' || (object.kind !== 'tensor' && object.kind !== 'torchModule'))
        return;
      if (isCaught(fact, 'AttributeError')) return;
      const owner = object.kind === 'tensor' ? 'A tensor' : 'A module';
      report({
        at: { start: callee.name.start, end: node.end },
        message: `${owner} has no method mps(): this raises AttributeError.`,
        fixes:
          node.args.length === 0
            ? [
                fix('Use to("mps")', 'safe', () => [
                  { start: callee.name.start, end: node.end, text: 'to("mps")' },
                ]),
              ]
            : [],
      });
    },
    attribute(fact, report, { environment, facts, module }) {
      if (fact.object.kind !== 'library' || !fact.object.name.startsWith('torch')) return;
      const { name, object } = fact.node;
      const { torch } = environment.versions;
      const place = misplacedMpsFunctions.get(`${fact.object.name}.${name.text}`);
      const torchName = facts.localNames.get('torch')?.name;
      if (place !== undefined && !isCaught(fact, 'AttributeError')) {
        const written = textOf(module, fact.node);
        report({
          at: { start: object.start, end: name.end },
          message: `${fact.object.name} has no ${name.text}: this raises AttributeError. ${place} is what there is.`,
          fixes:
            torchName !== undefined && written.startsWith(`${torchName}.`)
              ? [
                  fix(`Use ${place}`, 'safe', () => [
                    replace(fact.node, torchName + place.slice('torch'.length)),
                  ]),
                ]
              : [],
        });
        return;
      }
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
      const isNamed =
        object.kind === 'attribute'
          ? object.name.text === 'mps'
          : object.kind === 'name' && facts.localNames.get('torch.mps')?.name === object.id;
      if (!isNamed) return;
      const instead = missingMpsFunctions.get(name.text);
      if (instead === undefined || fact.caught.has('AttributeError')) return;
      report({
        at: { start: object.start, end: name.end },
        message: `torch.mps has no ${name.text}: this raises AttributeError.${hint(instead)}`,
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

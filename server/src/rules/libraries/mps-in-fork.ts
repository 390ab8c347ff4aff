import { replace } from '../edits.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { anyOf, macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'mps-in-fork',
    code: 'MPS705',
    severity: 'warning',
    summary: 'Processes are forked in a program that uses MPS',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: anyOf(macDevice, /^fork$/),
  besides: macDevice,
  on: {
    libraryCall(fact, report, { facts }) {
      if (!usesMps(facts)) return;
      const isStart = /^(?:torch\.)?multiprocessing\.(?:set_start_method|get_context)$/.test(
        fact.name,
      );
      const isLoader = fact.name === 'torch.utils.data.DataLoader';
      const value = isStart
        ? (fact.positional[0] ?? fact.keywords.get('method'))
        : isLoader
          ? fact.keywords.get('multiprocessing_context')
          : undefined;
      if (fact.name === 'os.fork') {
        report({
          at: fact.node,
          message: 'Metal does not survive fork: the child hangs or crashes.',
        });
        return;
      }
      if (value?.kind !== 'constant' || value.value !== 'fork') return;
      const literal = value.origin;
      report({
        at: literal ?? fact.node,
        message: 'Metal does not survive fork: workers that touch MPS hang or crash.',
        fixes:
          literal?.kind === 'string'
            ? [fix('Spawn instead', 'unsafe', () => [replace(literal, '"spawn"')])]
            : [],
      });
    },
  },
};

import type { Fact, Facts } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { Span } from '../../syntax/tree.ts';
import { isInEachRound } from '../eachRound.ts';
import type { Rule } from '../rule.ts';
import { mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'empty-cache-in-loop',
    code: 'MPS504',
    severity: 'hint',
    summary: 'Memory is cleaned up in every round of a loop',
    since: '0.1.0',
    fix: 'none',
  },
  words: mps,
  besides: [{ words: /^collect$/, needed: mps }],
  calls: (name) => messages.has(name),
  on: {
    libraryCall(fact, report, { facts, module }) {
      const message = messages.get(fact.name);
      if (message === undefined || fact.loop === null || !isInEachRound(fact, module)) return;
      const { start, end } = fact.loop;
      // Emptying after `del` or after running out of memory has a purpose.
      if (/\bdel\b|except/.test(module.text.slice(start, end))) return;
      if (fact.name === collect && !worksOnMps(fact.loop, facts)) return;
      report({ at: { start: fact.node.callee.start, end: fact.node.end }, message });
    },
  },
};

const collect = 'gc.collect';

/** The number of objects is that of Python 3.11 with torch 2.13.0, and nothing else, imported. */
const messages: ReadonlyMap<string, string> = new Map([
  [
    'torch.mps.empty_cache',
    'Waits for the GPU and gives its memory back in every round, only to ask for it again.',
  ],
  [
    collect,
    'Goes through all objects of Python in every round, 165,000 with torch alone; a tensor is freed without it when its last name goes.',
  ],
]);

const worksOnMps = (loop: Span, { facts }: Facts): boolean =>
  facts.some((fact) => isOnMps(fact) && loop.start <= fact.node.start && fact.node.end <= loop.end);

const isOnMps = (fact: Fact): boolean =>
  'device' in fact && fact.device !== null && isCertainly(fact.device, 'mps');

import type { Facts } from '../../semantics/facts.ts';
import type { Expression, Module } from '../../syntax/tree.ts';
import { isForCuda } from '../cudaTests.ts';
import { replace, textOf } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
import type { Fix } from '../finding.ts';
import { ownersOf } from '../owners.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { cuda } from '../words.ts';

/** A choice where the default stands; callers that compare the default with "cuda" see another one on a Mac. */
function fixes(literal: Expression, facts: Facts): Fix[] {
  const torch = facts.localNames.get('torch');
  const isFirst = literal.kind === 'string' && literal.value === 'cuda';
  if (!isFirst || torch === undefined || torch.statement.start > literal.start) return [];
  const { name } = torch;
  const choice = `"cuda" if ${name}.cuda.is_available() else "mps" if ${name}.backends.mps.is_available() else "cpu"`;
  return [
    fix('Choose it at run time: cuda, mps or cpu', 'unsafe', () => [replace(literal, choice)]),
  ];
}

/** `def f(device="cuda"): if not torch.cuda.is_available(): …` knows what to do without CUDA; an assertion does not. */
const isTested = (literal: number, module: Module): boolean =>
  ownersOf(module.body, literal).some(
    (owner) =>
      owner.kind === 'function' &&
      owner.parameters.some(
        ({ defaultValue }) =>
          defaultValue !== null && defaultValue.start <= literal && literal < defaultValue.end,
      ) &&
      /^(?!\s*assert\b).*\bcuda\.is_available\(/m.test(textOf(module, owner)),
  );

export const rule: Rule = {
  meta: {
    name: 'cuda-default-argument',
    code: 'MPS108',
    severity: 'info',
    summary: 'CUDA is the default device of a function, a class or a configuration',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: cuda,
  on: {
    deviceDefault(fact, report, { facts, module }) {
      if (isForCuda(fact, module) || isTested(fact.node.start, module)) return;
      // Where the literal reaches an allocation, cuda-hardcoded-device says more.
      const isUsed = factsOf(facts, 'deviceUse').some(({ device }) => device.origin === fact.node);
      if (isUsed) return;
      report({
        at: fact.node,
        message: `"cuda" is the default of ${fact.name}: on Apple Silicon it must always be named otherwise.`,
        fixes: fixes(fact.node, facts),
      });
    },
  },
};

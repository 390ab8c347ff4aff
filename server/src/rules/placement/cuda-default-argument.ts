import type { Module } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { isForCuda } from '../cudaTests.ts';
import { textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { cuda } from '../words.ts';

/** `def f(device="cuda"): if not torch.cuda.is_available(): …` knows what to do without CUDA. */
const isTested = (literal: number, module: Module): boolean => {
  let tested = false;
  walk(module.body, (node) => {
    if (node.kind !== 'function') return;
    const isDefault = node.parameters.some(
      ({ defaultValue }) =>
        defaultValue !== null && defaultValue.start <= literal && literal < defaultValue.end,
    );
    if (isDefault) tested ||= /\bcuda\.is_available\(/.test(textOf(module, node));
  });
  return tested;
};

export const rule: Rule = {
  meta: {
    name: 'cuda-default-argument',
    code: 'MPS108',
    severity: 'info',
    summary: 'CUDA is the default device of a function, a class or a configuration',
    since: '0.1.0',
    fix: 'none',
  },
  words: cuda,
  on: {
    deviceDefault(fact, report, { facts, module }) {
      if (isForCuda(fact, module) || isTested(fact.node.start, module)) return;
      // Where the literal reaches an allocation, cuda-hardcoded-device says more.
      const isUsed = facts.facts.some(
        (other) => other.kind === 'deviceUse' && other.device.origin === fact.node,
      );
      if (isUsed) return;
      report({
        at: fact.node,
        message: `"cuda" is the default of ${fact.name}: on Apple Silicon it must always be named otherwise.`,
      });
    },
  },
};

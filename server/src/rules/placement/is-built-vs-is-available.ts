import type { LibraryCallFact } from '../../semantics/facts.ts';
import type { Module } from '../../syntax/tree.ts';
import { textOf } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'is-built-vs-is-available',
    code: 'MPS109',
    severity: 'warning',
    summary: 'MPS is taken for usable because torch was built with it',
    since: '0.1.0',
    fix: 'safe',
  },
  words: mps,
  on: {
    libraryCall(fact, report, { facts, module }) {
      if (fact.name !== 'torch.backends.mps.is_built') return;
      const { callee } = fact.node;
      const asksBoth = facts.facts.some(
        (other) =>
          other.kind === 'libraryCall' &&
          (other.name === 'torch.backends.mps.is_available' ||
            other.name === 'torch.mps.is_available'),
      );
      if (asksBoth || callee.kind !== 'attribute' || choosesNoDevice(fact, module)) return;
      report({
        at: { start: callee.start, end: fact.node.end },
        message:
          'True for every macOS build of torch, also where MPS cannot be used: is_available() tells.',
        fixes: [
          fix('Use is_available()', 'safe', () => [
            { start: callee.name.start, end: callee.name.end, text: 'is_available' },
          ]),
        ],
      });
    },
  },
};

/** `if is_built(): extensions.append(".mm")` asks how torch was built because it builds something. */
const choosesNoDevice = ({ statement }: LibraryCallFact, module: Module): boolean =>
  statement.kind === 'if' &&
  !/\bmps\b/i.test(statement.body.map((inner) => textOf(module, inner)).join('\n'));

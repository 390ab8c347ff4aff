import type { Facts, LibraryCallFact } from '../../semantics/facts.ts';
import type { Expression, Module, Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { replace, textOf } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
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
  calls: (name) => name === 'platform.processor' || name === 'torch.backends.mps.is_built',
  on: {
    attribute(fact, report, { facts, module }) {
      const { node, object } = fact;
      if (object.kind !== 'library' || object.name !== 'torch' || node.name.text !== 'has_mps')
        return;
      if (asksBoth(facts) || fact.caught.size > 0) return;
      const torch = textOf(module, node.object);
      report({
        at: node,
        message:
          'True for every macOS build of torch, also where MPS cannot be used, and deprecated: is_available() tells.',
        fixes: [
          fix('Use is_available()', 'safe', () => [
            replace(node, `${torch}.backends.mps.is_available()`),
          ]),
        ],
      });
    },
    libraryCall(fact, report, { facts, module }) {
      if (fact.name === 'platform.processor') {
        const choice = choiceOf(fact);
        if (choice !== null && !asksBoth(facts))
          report({
            at: choice,
            message:
              'True on every Mac with Apple Silicon, also where MPS cannot be used: is_available() tells.',
          });
        return;
      }
      // Who tries it as well finds out.
      if (fact.caught.size > 0) return;
      const { callee } = fact.node;
      if (asksBoth(facts) || callee.kind !== 'attribute' || choosesNoDevice(fact, module)) return;
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

const asksBoth = (facts: Facts): boolean =>
  factsOf(facts, 'libraryCall').some(
    ({ name }) => name === 'torch.backends.mps.is_available' || name === 'torch.mps.is_available',
  );

/** The test of `"mps" if platform.processor() == "arm" else "cpu"` and of the same `if`. */
function choiceOf({ node, statement }: LibraryCallFact): Expression | null {
  let test: Expression | null = null;
  walk([statement], (inner) => {
    if (inner.kind !== 'conditional' && inner.kind !== 'if') return;
    const compares = inner.test.kind === 'compare' && inner.test.left === node;
    const arm = inner.kind === 'if' ? inner.body : [inner.body];
    let namesMps = false;
    walk(arm as readonly Statement[], (each) => {
      if (each.kind === 'string') namesMps ||= each.value === 'mps';
    });
    if (compares && namesMps) test = inner.test;
  });
  return test;
}

/** `if is_built(): extensions.append(".mm")` asks how torch was built because it builds something. */
const choosesNoDevice = ({ statement }: LibraryCallFact, module: Module): boolean =>
  statement.kind === 'if' &&
  !/\bmps\b/i.test(statement.body.map((inner) => textOf(module, inner)).join('\n'));

import type { FactOf, Facts } from '../../semantics/facts.ts';
import type { ClassValue } from '../../semantics/values.ts';
import { replace } from '../edits.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-module-forward',
    code: 'MLX403',
    severity: 'error',
    summary: 'A module of MLX defines forward, and MLX calls __call__',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: /mlx/i,
  on: {
    classDefinition(fact, report, { facts, module }) {
      const forward = ownForward(fact);
      if (forward === null || !isPlainModule(fact.class)) return;
      if (fact.class.members.has('__call__') || isCompleted(facts, fact.class)) return;
      const raises = facts.facts.some(
        (other) => other.kind === 'notCallable' && other.class.node === fact.node,
      );
      // Who calls forward by its name gets what it means, and has to be changed with it.
      const isCalled = /(?<!\bsuper\(\))\.forward\s*\(/.test(module.text);
      // Other files may call it, and a super().forward(x) of this one would find nothing.
      const isSafe = raises && !/\.forward\b/.test(module.text);
      if (isCalled && !raises) return;
      report({
        at: forward.name,
        // Other files may call forward by its name.
        severity: raises ? 'error' : 'info',
        message: `MLX calls __call__, and ${fact.node.name.text} has none: calling the module raises TypeError.`,
        fixes: [
          fix('Rename it to __call__', isSafe ? 'safe' : 'unsafe', () => [
            replace(forward.name, '__call__'),
          ]),
        ],
      });
    },
  },
};

function ownForward({ node }: FactOf<'classDefinition'>) {
  for (const statement of node.body)
    if (statement.kind === 'function' && statement.name.text === 'forward') return statement;
  return null;
}

/** Other classes of mlx.nn have a `__call__` of their own, and unknown bases may have one. */
const isPlainModule = ({ libraryBases }: ClassValue): boolean =>
  libraryBases.includes('mlx.nn.Module') &&
  libraryBases.every((name) => /^(?:mlx\.nn\.Module|(?:builtins|typing|abc)\.\w+)$/.test(name));

/** Does a class of the file inherit this `forward` and add what is missing? */
function isCompleted(facts: Facts, base: ClassValue): boolean {
  const forward = base.members.get('forward');
  return facts.facts.some((fact) => {
    if (fact.kind !== 'classDefinition' || !fact.class.members.has('__call__')) return false;
    const inherited = fact.class.members.get('forward');
    return (
      forward?.kind === 'function' &&
      inherited?.kind === 'function' &&
      inherited.node === forward.node
    );
  });
}

import type { Facts } from '../../semantics/facts.ts';
import type { Expression } from '../../syntax/tree.ts';
import { factsOf } from '../factsOf.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-key-reuse',
    code: 'MLX309',
    severity: 'warning',
    summary: 'Two draws of random numbers use the same key',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    keyReuse(fact, report, { facts }) {
      const again = fact.first === fact.node;
      if (isCompared(facts, fact.first, fact.node)) return;
      report({
        at: fact.argument,
        message: again
          ? 'Every round draws the same numbers: a key gives the same ones each time, until mx.random.split makes new keys.'
          : 'This key has drawn numbers before, and the same key gives the same bits: mx.random.split makes new keys.',
        related: again
          ? []
          : [{ start: fact.first.start, end: fact.first.end, message: 'It is used here first.' }],
      });
    },
  },
};

const comparing =
  /^(?:[<>=!]=?|mlx\.core\.(?:array_equal|allclose|isclose|equal|not_equal|subtract)|-)$/;

/** Who compares two draws with one key knows that they are equal. */
const isCompared = (facts: Facts, first: Expression, second: Expression): boolean =>
  factsOf(facts, 'arrayOperation').some((fact) => {
    if (!comparing.test(fact.operation)) return false;
    const origins = fact.inputs.map(({ origin }) => origin);
    return origins.includes(first) && origins.includes(second);
  });

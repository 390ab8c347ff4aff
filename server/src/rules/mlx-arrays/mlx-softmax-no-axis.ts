import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { addArgument } from './addStream.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-softmax-no-axis',
    code: 'MLX306',
    severity: 'warning',
    summary: 'mx.softmax without an axis normalises over all elements',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  calls: (name) => name === 'mlx.core.softmax',
  on: {
    libraryCall(fact, report) {
      if (fact.positional.length !== 1) return;
      // `dim=` raises, and what `**options` holds is not known.
      const isPlain = fact.node.args.every(
        ({ form, name }) => form === 'positional' || (name !== null && harmless.has(name.text)),
      );
      if (!isPlain) return;
      const [array] = fact.positional;
      if (array?.kind !== 'mlxArray' || array.shape === undefined) return;
      // Rows of one are normalised alike.
      const longAxes = array.shape.filter((size) => size !== 1).length;
      if (longAxes < 2) return;
      report({
        at: fact.node,
        message: `Without an axis the ${array.shape.length} axes are one: all elements together sum to 1, not each row.`,
        fixes: [
          fix('Normalise the last axis', 'unsafe', () => [addArgument(fact.node, 'axis=-1')]),
        ],
      });
    },
  },
};

const harmless: ReadonlySet<string> = new Set(['precise', 'stream']);

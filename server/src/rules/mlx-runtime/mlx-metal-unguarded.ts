import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-metal-unguarded',
    code: 'MLX603',
    severity: 'info',
    summary: 'A function of Metal is called without asking whether there is Metal',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  calls: (name) => needsMetal.has(name),
  on: {
    libraryCall(fact, report, { facts, module }) {
      if (facts.askedInScope.get(fact.scope)?.has('metal') || fact.caught.size > 0) return;
      // macOS is asked for, or the whole file asks.
      if (/metal\.is_available/.test(module.text) && facts.askedInScope.get(0)?.has('metal'))
        return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message:
          'Raises where MLX runs without Metal, such as on Linux: mx.metal.is_available() tells.',
      });
    },
  },
};

const needsMetal = new Set(
  ['device_info', 'start_capture', 'stop_capture'].map((name) => `mlx.core.metal.${name}`),
);

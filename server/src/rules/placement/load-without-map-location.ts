import { isCaught } from '../../semantics/facts.ts';
import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'load-without-map-location',
    code: 'MPS105',
    severity: 'info',
    summary: 'A checkpoint is loaded to the device that it was saved on',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /^load$/,
  calls: (name) => name === 'torch.load' || name === 'torch.jit.load',
  on: {
    libraryCall(fact, report, { module }) {
      if (isForCuda(fact, module) || isCaught(fact, 'RuntimeError')) return;
      if (fact.keywords.has('map_location') || fact.positional.length !== 1) return;
      // More may be passed than is known.
      if (fact.node.args.some(({ form }) => form !== 'positional' && form !== 'keyword')) return;
      const last = fact.node.args.at(-1);
      if (last === undefined) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message:
          'Goes back to the device that it was saved on: a checkpoint from CUDA raises RuntimeError on Apple Silicon.',
        fixes: [
          fix('Load to the CPU first', 'unsafe', () => [
            { start: last.end, end: last.end, text: ', map_location="cpu"' },
          ]),
        ],
      });
    },
  },
};

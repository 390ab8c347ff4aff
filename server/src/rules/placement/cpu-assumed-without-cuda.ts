import type { Expression, Statement } from '../../syntax/tree.ts';
import { childrenOf } from '../../syntax/visit.ts';
import { beyondCuda } from '../../tables/mac.ts';
import type { Rule } from '../rule.ts';
import { backends } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cpu-assumed-without-cuda',
    code: 'MPS120',
    severity: 'info',
    summary: 'Without CUDA the program takes itself to be on the CPU',
    since: '0.1.0',
    fix: 'none',
  },
  words: backends,
  on: {
    cudaArm(fact, report, { facts }) {
      const asked = facts.askedInScope.get(fact.scope);
      if ([...beyondCuda].some((backend) => asked?.has(backend))) return;
      const live = fact.body === fact.node.body ? fact.node.orElse : fact.node.body;
      if (!live.some(saysCpu)) return;
      report({
        at: fact.node.test,
        message:
          'A Mac has no CUDA and still has a GPU: this takes it for a machine with a CPU only.',
      });
    },
  },
};

/** `print("using CPU")` */
const saysCpu = (statement: Statement): boolean =>
  statement.kind === 'expression' &&
  statement.value.kind === 'call' &&
  statement.value.args.some(({ value }) => mentions(value));

const mentions = (value: Expression): boolean =>
  (value.kind === 'string' && /\bCPU\b/i.test(value.value)) ||
  childrenOf(value).some((child) => mentions(child as Expression));

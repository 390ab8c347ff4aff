import type { Fact, Facts } from '../../semantics/facts.ts';
import { silentCudaFunctions } from '../../tables/cudaFunctions.ts';
import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { backends, besideCuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-only-cache-clear',
    code: 'MPS501',
    severity: 'info',
    summary: 'Memory is freed or read on CUDA only',
    since: '0.1.0',
    fix: 'none',
  },
  words: backends,
  besides: besideCuda,
  on: {
    libraryCall(fact, report, { facts, module }) {
      const instead = silentCudaFunctions.get(fact.name);
      if (instead === undefined || isForCuda(fact, module)) return;
      if (frees(fact, facts)) return;
      const does = fact.name.endsWith('empty_cache') ? 'Does nothing' : 'Is always 0';
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: `${does} on Apple Silicon: for MPS it is ${instead}.`,
      });
    },
    cudaArm(fact, report, { facts }) {
      if (caresForMps(fact, facts)) return;
      const torch = facts.localNames.get('torch')?.name ?? 'torch';
      for (const statement of fact.body) {
        if (statement.kind !== 'expression' || statement.value.kind !== 'call') continue;
        const { callee } = statement.value;
        if (callee.kind !== 'attribute' || callee.name.text !== 'empty_cache') continue;
        const { object } = callee;
        const isCuda =
          object.kind === 'attribute' &&
          object.name.text === 'cuda' &&
          object.object.kind === 'name' &&
          object.object.id === torch;
        if (!isCuda || fact.node.orElse.length > 0) continue;
        report({
          at: statement.value,
          message: 'Frees memory on CUDA only: on Apple Silicon torch.mps.empty_cache() would.',
        });
      }
    },
  },
};

/** Does the same function ask for MPS, or look after its memory? */
const caresForMps = (fact: Fact, facts: Facts): boolean =>
  facts.askedInScope.get(fact.scope)?.has('mps') === true || frees(fact, facts);

const frees = (fact: Fact, facts: Facts): boolean =>
  facts.facts.some(
    (other) =>
      other.kind === 'libraryCall' &&
      other.scope === fact.scope &&
      /^torch\.(mps|accelerator)\./.test(other.name),
  );

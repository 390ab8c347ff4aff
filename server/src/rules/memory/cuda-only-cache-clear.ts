import type { LibraryCallFact } from '../../semantics/facts.ts';
import { silentCudaFunctions } from '../../tables/cudaFunctions.ts';
import { isForCuda } from '../cudaTests.ts';
import { textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { isAllOfItsLine, otherwiseOnMps, putBehind } from '../guards.ts';
import { looksAfterMpsMemory } from '../mpsMemory.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { backends, besideCuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-only-cache-clear',
    code: 'MPS501',
    severity: 'info',
    summary: 'Memory is freed or read on CUDA only',
    since: '0.1.0',
    fix: 'safe',
  },
  words: backends,
  besides: besideCuda,
  calls: (name) => silentCudaFunctions.has(name),
  on: {
    libraryCall(fact, report, context) {
      const { facts, module } = context;
      const instead = silentCudaFunctions.get(fact.name);
      if (instead === undefined || isForCuda(fact, module)) return;
      if (looksAfterMpsMemory(fact, facts)) return;
      const does = fact.name.endsWith('empty_cache') ? 'Does nothing' : 'Is always 0';
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: `${does} on Apple Silicon: for MPS it is ${instead}.`,
        fixes: fixes(fact, context),
      });
    },
  },
};

/** In a loop it would empty the pool of MPS in each round (MPS504). */
function fixes(fact: LibraryCallFact, { facts, module, environment }: RuleContext): Fix[] {
  const torch = facts.localNames.get('torch')?.name;
  const { node, statement, loop } = fact;
  if (torch === undefined || loop !== null || isBefore(environment.versions.torch, '2.0'))
    return [];
  if (textOf(module, node) !== `${torch}.cuda.empty_cache()`) return [];
  if (!isAllOfItsLine(module, statement, node)) return [];
  return [
    fix('Empty the cache of MPS where there is no CUDA', 'safe', () =>
      putBehind(
        module,
        statement,
        `if ${torch}.cuda.is_available():`,
        otherwiseOnMps(torch, 'empty_cache()'),
      ),
    ),
  ];
}

import { hasOtherArm } from '../../semantics/deviceGates.ts';
import type { CudaArmFact, Fact, Facts } from '../../semantics/facts.ts';
import type { CallExpression, Node } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { silentCudaFunctions } from '../../tables/cudaFunctions.ts';
import { cudaBody } from '../cudaBody.ts';
import { isForCuda } from '../cudaTests.ts';
import { insertLinesAfter } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { asksForCudaAlone, otherwiseOnMps, takesAnotherArm } from '../guards.ts';
import { looksAfterMpsMemory } from '../mpsMemory.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { backends, besideCuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'memory-behind-cuda',
    code: 'MPS508',
    severity: 'info',
    summary: 'Memory is freed or counted only where there is CUDA',
    since: '0.1.0',
    fix: 'safe',
  },
  words: backends,
  besides: besideCuda,
  on: {
    cudaArm(fact, report, context) {
      const { facts, module } = context;
      if (hasOtherArm(fact.node) || caresForMps(fact, facts)) return;
      // A function that leaves early may be about CUDA by its name.
      if (fact.body.length === 0 && isForCuda(fact, module)) return;
      const calls = callsIn(cudaBody(fact, module), facts);
      const counted = calls.find(({ name }) => name !== 'torch.cuda.empty_cache');
      if (counted !== undefined) report({ at: counted.node, message: countsOnly(counted.name) });
      for (const call of calls)
        if (call.name === 'torch.cuda.empty_cache')
          report({
            at: call.node,
            message: 'Frees memory on CUDA only: on Apple Silicon torch.mps.empty_cache() would.',
            fixes: fact.body.length === 0 ? [] : fixes(fact, context),
          });
    },
    deviceGate(fact, report, { facts }) {
      if (caresForMps(fact, facts)) return;
      for (const call of callsIn(fact.node.body, facts))
        if (call.name === 'torch.cuda.empty_cache')
          report({
            at: call.node,
            message:
              'Frees memory where the device is "cuda" only: for "mps" torch.mps.empty_cache() would.',
          });
    },
    cudaValue(fact, report, { facts }) {
      if (caresForMps(fact, facts)) return;
      for (const { node, name } of callsIn([fact.node.body, fact.node.orElse], facts))
        if (name !== 'torch.cuda.empty_cache') report({ at: node, message: countsOnly(name) });
    },
  },
};

const countsOnly = (name: string): string =>
  `Counts memory of CUDA only: on Apple Silicon it is ${silentCudaFunctions.get(name)}.`;

/** In a loop it would empty the pool of MPS in each round (MPS504). */
function fixes(fact: CudaArmFact, { facts, module, environment }: RuleContext): Fix[] {
  const torch = facts.localNames.get('torch')?.name;
  const { node, loop } = fact;
  if (torch === undefined || loop !== null || isBefore(environment.versions.torch, '2.0'))
    return [];
  if (!asksForCudaAlone(module, node, torch) || !takesAnotherArm(module, node)) return [];
  return [
    fix('Empty the cache of MPS where there is no CUDA', 'safe', () => [
      insertLinesAfter(module, node, otherwiseOnMps(torch, 'empty_cache()')),
    ]),
  ];
}

/** Does the same function ask for MPS, or look after its memory? */
const caresForMps = (fact: Fact, facts: Facts): boolean =>
  facts.askedInScope.get(fact.scope)?.has('mps') === true || looksAfterMpsMemory(fact, facts);

/** Calls of torch.cuda that free or count memory, in code that no Mac runs. */
function callsIn(
  nodes: readonly Node[],
  facts: Facts,
): { readonly node: CallExpression; readonly name: string }[] {
  const torch = facts.localNames.get('torch')?.name ?? 'torch';
  const found: { node: CallExpression; name: string }[] = [];
  walk(nodes, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'attribute') return;
    const { object, name } = node.callee;
    const isCuda =
      object.kind === 'attribute' &&
      object.name.text === 'cuda' &&
      object.object.kind === 'name' &&
      // A function may import it under a name of its own.
      (object.object.id === torch || /^_*torch/.test(object.object.id));
    const full = `torch.cuda.${name.text}`;
    if (isCuda && silentCudaFunctions.has(full)) found.push({ node, name: full });
  });
  return found;
}

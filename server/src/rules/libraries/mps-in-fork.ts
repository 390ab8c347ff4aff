import type { Fact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { replace } from '../edits.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';

/** Does the place lie in a method `__getitem__`? */
function isInGetItem(body: readonly Statement[], offset: number): boolean {
  let inside = false;
  walk(body, (node) => {
    if (node.kind === 'function' && node.name.text === '__getitem__')
      inside ||= node.start <= offset && offset < node.end;
  });
  return inside;
}

function hasWorkers(fact: Fact): boolean {
  if (fact.kind !== 'libraryCall' || fact.name !== 'torch.utils.data.DataLoader') return false;
  const workers = fact.keywords.get('num_workers');
  return workers?.kind === 'constant' && typeof workers.value === 'number' && workers.value > 0;
}

export const rule: Rule = {
  meta: {
    name: 'mps-in-fork',
    code: 'MPS705',
    severity: 'warning',
    summary: 'Processes are forked in a program that uses MPS',
    since: '0.1.0',
    fix: 'unsafe',
  },
  on: {
    // A worker that puts its samples on MPS cannot hand them over.
    transfer(fact, report, { facts, module }) {
      if (!isCertainly(fact.device, 'mps') || !isInGetItem(module.body, fact.node.start)) return;
      if (isCaught(fact, 'RuntimeError') || !facts.facts.some(hasWorkers)) return;
      report({
        at: fact.node,
        message:
          'Runs in the workers of the DataLoader: a tensor on MPS cannot leave them ("_share_filename_: only available on CPU").',
      });
    },
    libraryCall(fact, report, { facts }) {
      if (!usesMps(facts)) return;
      const isStart = /^(?:torch\.)?multiprocessing\.(?:set_start_method|get_context)$/.test(
        fact.name,
      );
      const isLoader = fact.name === 'torch.utils.data.DataLoader';
      const value = isStart
        ? (fact.positional[0] ?? fact.keywords.get('method'))
        : isLoader
          ? fact.keywords.get('multiprocessing_context')
          : undefined;
      if (fact.name === 'os.fork') {
        report({
          at: fact.node,
          message: 'Metal does not survive fork: the child hangs or crashes.',
        });
        return;
      }
      if (value?.kind !== 'constant' || value.value !== 'fork') return;
      const literal = value.origin;
      report({
        at: literal ?? fact.node,
        message: 'Metal does not survive fork: workers that touch MPS hang or crash.',
        fixes:
          literal?.kind === 'string'
            ? [fix('Spawn instead', 'unsafe', () => [replace(literal, '"spawn"')])]
            : [],
      });
    },
  },
};

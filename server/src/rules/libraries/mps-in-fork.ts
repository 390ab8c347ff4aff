import type { Fact, Facts } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { Span, Statement } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { replace } from '../edits.ts';
import { usesMps } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

const known = new WeakMap<Facts, readonly Span[]>();

/** The methods `__getitem__` of a program whose DataLoaders have workers; looked for once. */
function samplers(facts: Facts, body: readonly Statement[]): readonly Span[] {
  let found = known.get(facts);
  if (found === undefined) {
    const methods: Span[] = [];
    if (facts.facts.some(hasWorkers))
      walk(body, (node) => {
        if (node.kind === 'function' && node.name.text === '__getitem__') methods.push(node);
      });
    found = methods;
    known.set(facts, found);
  }
  return found;
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
  words: macDevice,
  besides: [{ words: /^fork$/, needed: macDevice }],
  on: {
    // A worker that puts its samples on MPS cannot hand them over.
    transfer(fact, report, { facts, module }) {
      if (!isCertainly(fact.device, 'mps') || isCaught(fact, 'RuntimeError')) return;
      const { start } = fact.node;
      const isSample = samplers(facts, module.body).some(
        (method) => method.start <= start && start < method.end,
      );
      if (!isSample) return;
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

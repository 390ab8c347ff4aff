import type { LibraryCallFact } from '../../semantics/facts.ts';
import type { Expression } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { seedingCudaFunctions, silentCudaFunctions } from '../../tables/cudaFunctions.ts';
import { pathOf } from '../assignments.ts';
import { isForCuda } from '../cudaTests.ts';
import { replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { isAllOfItsLine, otherwiseOnMps, putBehind } from '../guards.ts';
import { looksAfterMpsMemory } from '../mpsMemory.ts';
import { ownersOf } from '../owners.ts';
import type { NewFinding, Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { backends, besideCuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-only-cache-clear',
    code: 'MPS501',
    severity: 'info',
    summary: 'Memory is freed or read, or numbers are seeded, on CUDA only',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: backends,
  besides: besideCuda,
  calls: (name) => silentCudaFunctions.has(name) || seedingCudaFunctions.has(name),
  on: {
    libraryCall(fact, report, context) {
      const { facts, module } = context;
      if (seedingCudaFunctions.has(fact.name)) {
        if (!isForCuda(fact, module) && !seedsTorch(fact, context)) report(unseeded(fact, context));
        return;
      }
      const instead = silentCudaFunctions.get(fact.name);
      if (instead === undefined || isForCuda(fact, module)) return;
      if (looksAfterMpsMemory(fact, facts)) return;
      const does = fact.name.endsWith('empty_cache') ? 'Does nothing' : 'Is always 0';
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: `${does} on Apple Silicon: for MPS it is ${instead}.`,
        fixes: fact.name.endsWith('empty_cache')
          ? fixes(fact, context)
          : counts(fact, instead, context),
      });
    },
  },
};

/** Does anything else in the file seed torch, by its name? The seeds of Python and NumPy are their own. */
function seedsTorch({ node }: LibraryCallFact, { module }: RuleContext): boolean {
  const owners = new Set(ownersOf(module.body, node.start).map(({ name }) => name.text));
  let seeds = false;
  walk(module.body, (call) => {
    if (call.kind !== 'call') return;
    const path = pathOf(call.callee) ?? '';
    const name = path.slice(path.lastIndexOf('.') + 1);
    seeds ||= /seed/i.test(name) && !owners.has(name) && !elsewhere.test(path);
  });
  return seeds;
}

const elsewhere = /(?:^|\.)(?:cuda\.(?:manual_)?seed(?:_all)?|random\.seed)$/;

/** Unsafe: the numbers of the CPU are seeded then, too. */
function unseeded({ node }: LibraryCallFact, { facts }: RuleContext): NewFinding {
  const torch = facts.localNames.get('torch')?.name;
  const at = node.callee;
  return {
    at: { start: at.start, end: node.end },
    message:
      'Seeds nothing on Apple Silicon, where each run draws other numbers: torch.manual_seed() seeds every device.',
    fixes:
      torch === undefined
        ? []
        : [fix('Seed every device', 'unsafe', () => [replace(at, `${torch}.manual_seed`)])],
  };
}

/**
 * With CUDA the same call, on a Mac what MPS counts. Unsafe: a Mac that was told 0 goes on with another number. MPS keeps no maximum.
 */
function counts(fact: LibraryCallFact, instead: string | null, context: RuleContext): Fix[] {
  const { facts, module, environment } = context;
  const { node, statement } = fact;
  const torch = facts.localNames.get('torch')?.name;
  if (
    instead === null ||
    torch === undefined ||
    /\.max_/.test(fact.name) ||
    isBefore(environment.versions.torch, '2.0')
  )
    return [];
  // What names the device is asked for with CUDA alone.
  if (!node.args.every(({ value }) => isPlain(value))) return [];
  const text =
    `${textOf(module, node)} if ${torch}.cuda.is_available() else ` +
    `${instead.replace('torch', torch)} if ${torch}.backends.mps.is_available() else 0`;
  const isWhole = statement.kind === 'assign' && statement.value === node;
  return [
    fix('Count the memory of MPS where there is no CUDA', 'unsafe', () => [
      replace(node, isWhole ? text : `(${text})`),
    ]),
  ];
}

const isPlain = ({ kind }: Expression): boolean => /^(?:name|attribute|string|number)$/.test(kind);

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

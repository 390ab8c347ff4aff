import type { ImportFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Module } from '../../syntax/tree.ts';
import { builtPackages, cudaPackages } from '../../tables/cudaFunctions.ts';
import { isBehindCudaOption, isTestFile } from '../cudaTests.ts';
import { ownsItsLines, replace, textOf } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
import type { Fix } from '../finding.ts';
import { isForMacs } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { backends, besideCuda } from '../words.ts';

const packages = new RegExp(`^(?:${[...cudaPackages.keys(), ...builtPackages.keys()].join('|')})$`);

export const rule: Rule = {
  meta: {
    name: 'cuda-only-import',
    code: 'MPS704',
    severity: 'warning',
    summary: 'A package is imported that exists for CUDA only',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: packages,
  besides: [{ words: backends, needed: packages }, ...besideCuda],
  on: {
    import(fact, report, { facts, environment, module }) {
      const root = fact.module.split('.')[0] ?? '';
      const needsCuda = cudaPackages.has(root);
      const distributions = cudaPackages.get(root) ?? builtPackages.get(root);
      if (distributions === undefined || !fact.reached || fact.scope !== 0) return;
      if (isCaught(fact, 'ImportError') || fact.caught.has('ModuleNotFoundError')) return;
      if (fact.tests.length > 0 || isBehindCudaOption(fact)) return;
      // The first one raises.
      const isSame = (other: ImportFact): boolean =>
        other.scope === 0 && other.module.split('.')[0] === root;
      if (factsOf(facts, 'import').find(isSame) !== fact) return;
      // Somebody installed it, whatever it is.
      if (distributions.some((name) => environment.versions[name] !== undefined)) return;
      // Where the file chooses a device, it was meant to run without CUDA.
      const isMeant = isForMacs(facts) || facts.facts.some(({ kind }) => kind === 'selector');
      report({
        at: fact.node,
        message: needsCuda
          ? `${root} needs CUDA and cannot be installed on Apple Silicon: this raises ModuleNotFoundError.`
          : `PyPI has no build of ${root} for Apple Silicon: this raises ModuleNotFoundError where nobody has built it.`,
        severity: needsCuda && isMeant && !isTestFile(module) ? 'warning' : 'info',
        fixes: fixes(fact, module),
      });
    },
  },
};

/** Without the package its names are None. */
function fixes({ node }: ImportFact, module: Module): Fix[] {
  const names = boundBy(node);
  if (!module.body.includes(node) || !ownsItsLines(module, node) || names.length === 0) return [];
  const written = textOf(module, node);
  if (written.includes('\n')) return [];
  const text = ['try:', `    ${written}`, 'except ImportError:', `    ${names.join(' = ')} = None`];
  return [fix('Go on without it', 'unsafe', () => [replace(node, text.join('\n'))])];
}

const boundBy = (node: ImportFact['node']): string[] =>
  node.kind === 'import'
    ? node.names.map(({ alias, module }) => alias?.text ?? (module.split('.')[0] as string))
    : node.names.map(({ alias, name }) => (alias ?? name).text);

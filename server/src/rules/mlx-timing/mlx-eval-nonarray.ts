import type { LibraryCallFact } from '../../semantics/facts.ts';
import { isMlxModuleClass, isMlxOptimizer } from '../../semantics/mlxKinds.ts';
import type { Value } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import { appendCall, ownsItsLines, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { deleteStatement } from '../statements.ts';
import { isEvaluation } from './evaluationCalls.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-eval-nonarray',
    code: 'MLX105',
    severity: 'warning',
    summary: 'mx.eval is given something that holds no MLX arrays, and ignores it',
    since: '0.1.0',
    fix: 'safe',
  },
  words: /mlx/i,
  calls: isEvaluation,
  on: {
    libraryCall(fact, report, context) {
      if (fact.node.args.some(({ form }) => form !== 'positional')) return;
      fact.node.args.forEach(({ value: node }, i) => {
        const value = fact.positional[i];
        const what = value === undefined ? null : nonArray(value, node);
        if (what === null) return;
        report({
          at: node,
          message: `Evaluates nothing: ${what}, and mx.eval ignores what is no array without an error.`,
          fixes: fixes(fact, node, value as Value, context),
        });
      });
    },
  },
};

/** What it is instead of an array; null when it may hold arrays. */
function nonArray(value: Value, node: Expression): string | null {
  const method = methodName(node);
  if (method !== null) return `${method} is the method itself and not called`;
  if (node.kind === 'call' && node.callee.kind === 'attribute') {
    const called = node.callee.name.text;
    if (called === 'item') return 'item() returns a number of Python';
    if (called === 'tolist') return 'tolist() returns a list of Python';
  }
  switch (value.kind) {
    case 'tensor':
      return 'this is a tensor of PyTorch';
    case 'ndarray':
      return 'this is an array of NumPy';
    case 'object':
      return isMlxOptimizer(value) ? 'an optimizer keeps its arrays in .state' : null;
    case 'instance':
      return value.class.libraryBases.length === 0 && !isMlxModuleClass(value.class)
        ? `${value.class.node.name.text} is no mlx.nn.Module`
        : null;
    // A default such as None may be what one caller leaves out: only a literal is sure.
    case 'constant':
      return ['constant', 'number', 'string'].includes(node.kind) ? 'this is a constant' : null;
    default:
      return null;
  }
}

const treeMethods = new Set(['parameters', 'trainable_parameters']);

const methodName = (node: Expression): string | null =>
  node.kind === 'attribute' && treeMethods.has(node.name.text) ? node.name.text : null;

function fixes(
  fact: LibraryCallFact,
  node: Expression,
  value: Value,
  { module }: RuleContext,
): Fix[] {
  if (methodName(node) !== null)
    return [fix(`Call ${textOf(module, node)}`, 'safe', () => appendCall(node, '()'))];
  if (isMlxOptimizer(value))
    return [fix('Evaluate its state', 'safe', () => appendCall(node, '.state'))];
  const { statement } = fact;
  const isWhole = statement.kind === 'expression' && statement.value === fact.node;
  const [only] = fact.node.args;
  const changesNothing = node.kind !== 'call';
  if (!isWhole || !changesNothing || fact.node.args.length !== 1 || only?.value !== node) return [];
  if (!ownsItsLines(module, statement)) return [];
  return [fix('Remove the call', 'safe', () => [deleteStatement(module, statement)])];
}

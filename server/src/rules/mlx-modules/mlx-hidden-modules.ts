import type { FactOf, Facts } from '../../semantics/facts.ts';
import type { MlxModuleValue, Value } from '../../semantics/values.ts';
import type { Module } from '../../syntax/tree.ts';
import { mlxPlainModules } from '../../tables/mlxModules.ts';
import { isInTest, isTestFile } from '../cudaTests.ts';
import { lineStart, replace } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { isTable } from './constantTable.ts';
import { renamedAttribute } from './renamedAttribute.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-hidden-modules',
    code: 'MLX404',
    severity: 'warning',
    summary: 'A module of MLX holds another where MLX does not look for it',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    moduleAttribute(fact, report, { facts, module }) {
      const place = hidingPlace(fact);
      if (place === null || fact.isGiven || isOtherName(fact) || isExplained(fact, module)) return;
      const isFine = (held: Value): boolean =>
        isHarmless(held, facts) ||
        isFoundByEval(held, fact) ||
        isLoaded(held, facts) ||
        isRegistered(held, fact, facts);
      if (fact.held.every(isFine)) return;
      report({
        at: fact.node,
        // Stand-ins of tests are not trained.
        severity: isInTest(fact, module) || isTestFile(module) ? 'info' : 'warning',
        message: fact.held.every(isDropout)
          ? `MLX finds no modules in ${place}: model.eval() does not reach this one, which goes on dropping.`
          : `MLX finds no modules in ${place}: parameters() lacks these weights, so that they are not trained, saved or evaluated.`,
        fixes: fixes(fact, module),
      });
    },
  },
};

function hidingPlace({ node, holds }: FactOf<'moduleAttribute'>): string | null {
  if (holds === null) return null;
  if (node.name.text.startsWith('_')) return `names that begin with "_"`;
  if (holds === 'tuple') return 'tuples';
  return holds === 'container' ? 'objects that are neither modules, lists nor dicts' : null;
}

/** Dropout has no weights, and only the names of parameters may not begin with "_": eval() finds it there. */
const isFoundByEval = (held: Value, { node, holds }: FactOf<'moduleAttribute'>): boolean =>
  isDropout(held) && node.name.text.startsWith('_') && holds !== 'tuple' && holds !== 'container';

const isDropout = (held: Value): boolean =>
  held.kind === 'mlxModule' && held.class?.startsWith('mlx.nn.Dropout') === true;

/** A module without weights or with tables alone; dropout has none, and eval() has to find it. */
function isHarmless(held: Value, known: Facts): boolean {
  const { facts } = known;
  if (held.kind === 'mlxModule')
    return held.class !== undefined && (mlxPlainModules.has(held.class) || isPlainNorm(held));
  if (held.kind !== 'instance') return false;
  return !facts.some(
    (fact) =>
      fact.kind === 'moduleAttribute' &&
      fact.module.class.node === held.class.node &&
      (fact.holds !== null || (fact.value.kind === 'mlxArray' && !isTable(fact.value, known))),
  );
}

/** `nn.LayerNorm(8, affine=False)` */
const isPlainNorm = ({ class: name, origin }: MlxModuleValue): boolean =>
  /\.(?:LayerNorm|GroupNorm)$/.test(name ?? '') &&
  origin?.kind === 'call' &&
  origin.args.some(
    (argument) =>
      argument.name?.text === 'affine' &&
      argument.value.kind === 'constant' &&
      argument.value.value === false,
  );

/** Who gives a module its own weights does not wait for those of the whole. */
const isLoaded = (held: Value, { facts }: Facts): boolean =>
  facts.some(
    (fact) =>
      fact.kind === 'methodCall' && fact.name === 'load_weights' && isSame(fact.object, held),
  );

/** `self._head = self.embed`: the module is known by its other name. */
function isRegistered(held: Value, fact: FactOf<'moduleAttribute'>, { facts }: Facts): boolean {
  return facts.some(
    (other) =>
      other.kind === 'moduleAttribute' &&
      other.module.class.node === fact.module.class.node &&
      !other.node.name.text.startsWith('_') &&
      (other.holds === 'module' || other.holds === 'list') &&
      other.held.some((value) => isSame(value, held)),
  );
}

/** `self._layers = self.layers`, also before the list has its modules. */
const isOtherName = ({ node, statement }: FactOf<'moduleAttribute'>): boolean =>
  statement.kind === 'assign' &&
  statement.value.kind === 'attribute' &&
  !statement.value.name.text.startsWith('_') &&
  statement.value.object.kind === 'name' &&
  node.object.kind === 'name' &&
  statement.value.object.id === node.object.id;

const isSame = (a: Value, b: Value): boolean =>
  a.kind === 'instance' && b.kind === 'instance'
    ? a.id === b.id
    : a.origin !== undefined && a.origin === b.origin;

const explanation =
  /froz|freez|hid|regist|train|teacher|param|private|tied|shar|underscore|not part/i;

/** A comment on the line or above it says that the module is meant to be hidden. */
function isExplained({ node }: FactOf<'moduleAttribute'>, module: Module): boolean {
  const start = lineStart(module, node.start);
  const previous = lineStart(module, Math.max(0, start - 1));
  const end = module.text.indexOf('\n', node.end);
  return module.comments.some(
    (comment) =>
      comment.start >= previous &&
      comment.start < (end < 0 ? module.text.length : end) &&
      explanation.test(comment.text),
  );
}

function fixes(
  { node, module: owner, statement }: FactOf<'moduleAttribute'>,
  module: Module,
): Fix[] {
  const name = node.name.text;
  if (name.startsWith('_')) {
    const renamed = name.replace(/^_+/, '');
    const edits = renamed === '' ? null : renamedAttribute(owner.class.node, name, renamed);
    return edits === null ? [] : [fix(`Rename it to ${renamed}`, 'unsafe', () => edits)];
  }
  if (statement.kind !== 'assign' || statement.value.kind !== 'tuple') return [];
  const { value } = statement;
  if (module.text[value.start] !== '(' || module.text[value.end - 1] !== ')') return [];
  return [
    fix('Make it a list', 'unsafe', () => [
      replace({ start: value.start, end: value.start + 1 }, '['),
      replace({ start: value.end - 1, end: value.end }, ']'),
    ]),
  ];
}

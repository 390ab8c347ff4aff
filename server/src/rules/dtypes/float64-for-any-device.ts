import type { Fact, FactOf, Facts } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import type { Expression, Span } from '../../syntax/tree.ts';
import { isInTest } from '../cudaTests.ts';
import { textOf } from '../edits.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { bodiesAround } from '../statements.ts';
import { anyOf, mps } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'float64-for-any-device',
    code: 'MPS204',
    severity: 'info',
    summary: 'A tensor of the caller is cast to float64, wherever it is',
    since: '0.1.0',
    fix: 'none',
  },
  words: anyOf(mps, /double|float64/),
  calls: (name) => name.startsWith('torch.'),
  on: {
    methodCall(fact, report, context) {
      if (fact.device !== null || caresForMps(fact, context)) return;
      const { kind } = fact.object;
      const casts =
        /^(?:to|type)$/.test(fact.name) &&
        fact.positional.length === 1 &&
        isDouble(fact.positional[0]);
      const isAnnotated =
        kind === 'tensor' &&
        (casts || fact.name === 'double') &&
        fact.callee.object.kind === 'name';
      const isGiven =
        (kind === 'unknown' || isJoined(fact.object, fact.callee.object)) &&
        (casts || isKeptDouble(fact, context)) &&
        mayBeAnywhere(fact, fact.callee.object, context);
      if (isAnnotated || isGiven)
        report({ at: { start: fact.callee.name.start, end: fact.node.end }, message });
    },
    libraryCall(fact, report, context) {
      if (!isDouble(fact.keywords.get('dtype'))) return;
      const [argument] = fact.node.args;
      const isReduced =
        reductions.has(fact.name) &&
        argument?.name === null &&
        isSomewhere(fact.positional[0]) &&
        mayBeAnywhere(fact, argument.value, context) &&
        !caresForMps(fact, context);
      if (isReduced) report({ at: argumentOf(fact, 'dtype'), message });
      const device = fact.node.args.find(({ name }) => name?.text === 'device')?.value;
      if (device?.kind !== 'attribute' || device.name.text !== 'device') return;
      if (fact.keywords.get('device')?.kind !== 'unknown' || caresForMps(fact, context)) return;
      report({ at: argumentOf(fact, 'dtype'), message });
    },
  },
};

/** `y = x.double()`: a module is cast where it stands, and nobody keeps what comes back. */
function isKeptDouble(fact: FactOf<'methodCall'>, { module }: RuleContext): boolean {
  const { object } = fact.callee;
  if (fact.name !== 'double' || fact.node.args.length > 0 || object.kind !== 'name') return false;
  if (fact.statement.kind !== 'assign' || moduleNames.test(object.id)) return false;
  return !isInTest(fact, module);
}

const moduleNames = /model|net|module|layer|policy|critic|actor|coder|head|kernel|likelihood|gp/i;

/** `torch.cat((x, y))` is where its parts are. */
const isJoined = (value: Value, node: Expression): boolean =>
  value.kind === 'tensor' && value.fromNumpy !== true && joinedIn(node) !== null;

/** Functions that cast their input to the dtype of the result first, or make something where it is. */
const reductions: ReadonlySet<string> = new Set(
  ['mean', 'sum', 'prod', 'cumsum', 'cumprod', 'nansum', 'nanmean', 'softmax', 'log_softmax']
    .concat(['zeros_like', 'ones_like', 'empty_like', 'full_like', 'rand_like', 'randn_like'])
    .map((name) => `torch.${name}`),
);

const isSomewhere = (value: Value | undefined): boolean =>
  value?.kind === 'unknown' ||
  (value?.kind === 'tensor' && value.device === null && value.fromNumpy !== true);

const argumentOf = ({ node }: FactOf<'libraryCall'>, name: string): Span =>
  node.args.find((argument) => argument.name?.text === name) ?? node;

/** Of something that the function is given, and neither takes from the CPU nor from NumPy. */
function mayBeAnywhere(fact: Fact, value: Expression, { module }: RuleContext): boolean {
  // Who names the CPU so computes on it, and what its functions are given is there.
  if (/^\s*\w+ = torch\.device\(["']cpu["']\)\s*$/m.test(module.text)) return false;
  const statements = bodiesAround(module, fact.node).map(({ body, index }) => body[index]);
  const owner = statements.findLast((statement) => statement?.kind === 'function');
  const root = rootOf(value);
  if (owner === undefined || root === null || onHost.test(textOf(module, value))) return false;
  const assigned = new RegExp(`^\\s*(?:[\\w, ]*,\\s*)?${root}\\b[\\w, ]*=(?!=)(.*)`, 'gm');
  // `x = x.to(torch.float64)` is the cast itself.
  const isOwn = ({ index, 0: text }: RegExpMatchArray): boolean => {
    const start = owner.start + (index ?? 0);
    return start <= fact.node.start && fact.node.end <= start + text.length;
  };
  return [...textOf(module, owner).matchAll(assigned)].every(
    (match) => isOwn(match) || !onHost.test(match[1] ?? ''),
  );
}

const onHost = /cpu|host|numpy|\bnp\.|torch\.(?:from_|tensor|as_tensor|load)|float64|double/i;

/** `x` of `x.y[i].z()` */
function rootOf(node: Expression): string | null {
  if (node.kind === 'name') return node.id;
  if (node.kind === 'attribute' || node.kind === 'subscript') return rootOf(node.object);
  return node.kind === 'call' ? rootOf(joinedIn(node) ?? node.callee) : null;
}

/** The first part of `torch.cat((x, y), dim=-1)`. */
function joinedIn(node: Expression): Expression | null {
  if (node.kind !== 'call' || node.callee.kind !== 'attribute') return null;
  if (!/^(?:cat|concat|stack|hstack|vstack)$/.test(node.callee.name.text)) return null;
  const [parts] = node.args;
  return parts?.value.kind === 'tuple' || parts?.value.kind === 'list'
    ? (parts.value.elements[0] ?? null)
    : null;
}

const message = 'Raises TypeError when the tensor is on MPS, which has no float64.';

const isDouble = (value: Value | undefined): boolean =>
  value?.kind === 'dtype' && value.framework === 'torch' && value.name === 'float64';

/** Does a test around it, or any in the same function, speak of MPS? */
const caresForMps = (fact: Fact, { module, facts }: RuleContext): boolean =>
  asksForMps(facts, fact.scope) ||
  fact.tests.some((test) => /mps|cpu|double|float64/.test(textOf(module, test)));

const asksForMps = (facts: Facts, scope: number): boolean =>
  facts.askedInScope.get(scope)?.has('mps') === true;

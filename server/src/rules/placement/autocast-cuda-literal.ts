import type { AttributeFact, Fact, Facts, LibraryCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { asDevice, isCertainly, truth } from '../../semantics/values.ts';
import type { CallExpression, Expression, Node } from '../../syntax/tree.ts';
import { walk } from '../../syntax/visit.ts';
import { isForCuda, isInTest } from '../cudaTests.ts';
import { deviceSelector } from '../deviceSelector.ts';
import { replace } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
import type { NewFinding, Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { cuda } from '../words.ts';

const byDevice = new Set([
  'torch.autocast',
  'torch.amp.autocast',
  'torch.amp.autocast_mode.autocast',
]);
const followers = /^torch\.(?:cuda\.)?amp\.(?:autocast_mode\.)?custom_(?:fwd|bwd)$/;
const cudaOnly = new Set(['torch.cuda.amp.autocast', 'torch.cuda.amp.autocast_mode.autocast']);

export const rule: Rule = {
  meta: {
    name: 'autocast-cuda-literal',
    code: 'MPS104',
    severity: 'warning',
    summary: 'Autocast is asked for on CUDA, so a Mac computes in float32',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: cuda,
  calls: (name) => followers.test(name) || cudaOnly.has(name) || byDevice.has(name),
  on: {
    cudaValue({ node, scope }, report, { facts }) {
      if (facts.askedInScope.get(scope)?.has('mps') === true) return;
      for (const at of autocastsIn([node.body, node.orElse]))
        report({ at, severity: 'info', message: behindCuda });
    },
    cudaArm({ node, body, scope }, report, { facts }) {
      if (facts.askedInScope.get(scope)?.has('mps') === true) return;
      // A block for CUDA with no other one is for CUDA; a context that is given or kept is for what comes later.
      const isElsewhere = node.orElse.length > 0;
      const given = isElsewhere
        ? body
        : body.filter(({ kind }) => /^(?:return|assign)$/.test(kind));
      for (const at of autocastsIn(given)) report({ at, severity: 'info', message: behindCuda });
    },
    attribute(fact, report, { module }) {
      const { node, object } = fact;
      if (node.name.text !== 'autocast' || object.kind !== 'library' || !isGivenOn(fact)) return;
      if (!cudaOnly.has(`${object.name}.autocast`) || isForCuda(fact, module)) return;
      report({
        at: node,
        severity: isInTest(fact, module) ? 'info' : 'warning',
        message:
          'Autocast for CUDA is switched off on Apple Silicon: what it encloses computes in float32.',
      });
    },
    libraryCall(fact, report, context) {
      if (followers.test(fact.name)) {
        const of = fact.keywords.get('device_type');
        const device = of === undefined ? null : asDevice(of);
        if (device === null || !isCertainly(device, 'cuda')) return;
        report({
          at: device.origin ?? fact.node,
          severity: 'info',
          message:
            'Follows autocast for CUDA only: under autocast for MPS the backward pass does not run as the forward pass did.',
        });
        return;
      }
      if (isForCuda(fact, context.module)) return;
      // `enabled=use_amp and device == "cuda"`: switched off on purpose.
      const enabled =
        fact.keywords.get('enabled') ?? (cudaOnly.has(fact.name) ? fact.positional[0] : undefined);
      if (mayBeSwitchedOff(fact)) return;
      if (enabled !== undefined && truth(enabled) === false) {
        if (isSwitchedOff(fact)) reportOff(fact, report, context);
        return;
      }
      // To keep parts of a model in float32: a Mac has them in whatever their inputs are.
      const dtype = fact.keywords.get('dtype');
      if (dtype?.kind === 'dtype' && dtype.name === 'float32') return;
      const message =
        'Autocast for CUDA is switched off on Apple Silicon: this computes in float32.';
      const severity =
        isInTest(fact, context.module) || raisesBefore(fact, context.facts) ? 'info' : 'warning';
      if (cudaOnly.has(fact.name)) report({ at: fact.node.callee, severity, message });
      if (!byDevice.has(fact.name)) return;
      const value = fact.keywords.get('device_type') ?? fact.positional[0];
      const device = value === undefined ? null : asDevice(value);
      if (device !== null && isCertainly(device, 'mps')) {
        const { torch } = context.environment.versions;
        if (isBefore(torch, '2.5') && !isCaught(fact, 'RuntimeError'))
          report({
            at: device.origin ?? fact.node,
            severity,
            message: `torch ${torch} has no autocast for MPS: this raises RuntimeError. 2.5 has it.`,
          });
        return;
      }
      if (device === null || !isCertainly(device, 'cuda')) return;
      const at = device.origin ?? fact.node;
      // What moves to the same device raises before.
      const { origin } = device;
      const isMoved = ({ kind, ...other }: Fact): boolean =>
        kind === 'deviceUse' && 'device' in other && other.device?.origin === origin;
      if (origin !== undefined && context.facts.facts.some(isMoved)) return;
      const own = deviceSelector(context, at.start);
      report({
        at,
        severity,
        message,
        fixes:
          // Before 2.5 autocast refuses "mps".
          own?.existing === true &&
          device.origin?.kind === 'string' &&
          !isBefore(context.environment.versions.torch, '2.5')
            ? [fix(`Use ${own.name}.type`, 'unsafe', () => [replace(at, `${own.name}.type`)])]
            : [],
      });
    },
  },
};

/** `autocast(**ctx.autocast_kwargs)` enters again what forward had, which was off; what is written in a dict is known. */
function mayBeSwitchedOff({ node: { args }, keywords }: LibraryCallFact): boolean {
  if (!args.some(({ form }) => form === 'doubleStar')) return false;
  if (args.some(({ name }) => name?.text === 'enabled')) return false;
  const isKnown = keywords.size > args.filter(({ name }) => name !== null).length;
  const enabled = keywords.get('enabled');
  return !isKnown || (enabled !== undefined && truth(enabled) !== true);
}

/** Is the class itself returned or kept, where nobody knows what it is called by later? */
function isGivenOn({ call, node, statement, tests }: AttributeFact): boolean {
  if (call !== null) return false;
  const { kind } = statement;
  if (kind !== 'return' && (kind !== 'assign' || tests.length === 0)) return false;
  const arms = (value: Expression | null): readonly (Expression | null)[] =>
    value?.kind === 'conditional' ? [...arms(value.body), ...arms(value.orElse)] : [value];
  return arms(statement.value).includes(node);
}

/** `enabled=False` itself; `enabled=use_amp and device == "cuda"` is for a device. */
const isSwitchedOff = ({ node, name: callee }: LibraryCallFact): boolean =>
  node.args.some(
    ({ name, value }) =>
      (name === null ? cudaOnly.has(callee) : name.text === 'enabled') &&
      value.kind === 'constant' &&
      value.value === false,
  );

/** A part that is to be computed in float32 is so under autocast for CUDA alone. Before 2.5 there is no other on a GPU. */
function reportOff(
  fact: LibraryCallFact,
  report: (finding: NewFinding) => void,
  context: RuleContext,
): void {
  const { facts, environment } = context;
  if (isBefore(environment.versions.torch, '2.5') || isInTest(fact, context.module)) return;
  if (facts.askedInScope.get(fact.scope)?.has('mps') === true) return;
  const kind = fact.keywords.get('device_type') ?? fact.positional[0];
  const device = kind === undefined ? null : asDevice(kind);
  const isOfCuda = cudaOnly.has(fact.name) || (device !== null && isCertainly(device, 'cuda'));
  if (!isOfCuda) return;
  report({
    at: cudaOnly.has(fact.name) ? fact.node.callee : (device?.origin ?? fact.node),
    severity: 'info',
    message: 'Switches autocast off for CUDA only: under autocast for MPS it stays on here.',
  });
}

const behindCuda = 'Autocast where there is CUDA only: on Apple Silicon this computes in float32.';

/** `x.to("cuda")` before it, in the same function and under no other test: that raises, and this is not reached. */
const raisesBefore = (fact: Fact, facts: Facts): boolean =>
  factsOf(facts, 'deviceUse').some(
    ({ caught, device, how, node, scope, tests }) =>
      scope === fact.scope &&
      node.end <= fact.node.start &&
      how !== 'packageArgument' &&
      isCertainly(device, 'cuda') &&
      caught.size === 0 &&
      tests.every((test) => fact.tests.includes(test)),
  );

/** `torch.autocast("cuda")` and its like in code that no Mac runs; not `autocast(enabled=False)`, which keeps float32. */
function autocastsIn(nodes: readonly Node[]): CallExpression[] {
  const found: CallExpression[] = [];
  walk(nodes, (node) => {
    if (node.kind !== 'call') return;
    const { callee } = node;
    const name =
      callee.kind === 'name' ? callee.id : callee.kind === 'attribute' ? callee.name.text : '';
    const isOff = node.args.some(
      (argument) =>
        argument.name?.text === 'enabled' &&
        argument.value.kind === 'constant' &&
        argument.value.value === false,
    );
    if (name === 'autocast' && !isOff) found.push(node);
  });
  return found;
}

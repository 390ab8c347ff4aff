import type { Facts, TransferFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import { asDevice, isCertainly, unknown } from '../../semantics/values.ts';
import type { Span } from '../../syntax/tree.ts';
import { appendCall, replace, textOf } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { isMpsLiteral, moveTarget } from '../mpsLiteral.ts';
import { severityOn } from '../mpsUse.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { usesParameter } from '../usesParameter.ts';
import { macDevice } from '../words.ts';
import { castOfMove } from './castOfMove.ts';

const doubles = new Set(['float64', 'complex128']);

export const rule: Rule = {
  meta: {
    name: 'float64-to-mps',
    code: 'MPS201',
    severity: 'error',
    summary: 'A float64 or complex128 tensor is created on, or moved to, the MPS device',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: macDevice,
  calls: (name) => name === 'torch.load' || /^torch\.nn\.[A-Z]/.test(name),
  on: {
    // `nn.Linear(2, 2, dtype=torch.float64, device="mps")`
    libraryCall(fact, report, { facts }) {
      if (fact.name === 'torch.load') {
        const place = fact.keywords.get('map_location') ?? fact.positional[1];
        const device = place === undefined ? null : asDevice(place);
        const saved = savedAs(fact.positional[0], facts);
        if (device === null || !isCertainly(device, 'mps') || saved === null) return;
        if (isCaught(fact, 'TypeError')) return;
        report({
          at: fact.node.args.find(({ value }) => value === device.origin) ?? fact.node,
          message:
            'The file holds float64, which does not exist on MPS: loading it there raises TypeError.',
          severity: severityOn(device),
          related: [{ start: saved.start, end: saved.end, message: 'float64 is saved here.' }],
        });
        return;
      }
      const dtype = fact.keywords.get('dtype');
      const place = fact.keywords.get('device');
      const device = place === undefined ? fact.defaultDevice : asDevice(place);
      if (dtype?.kind !== 'dtype') return;
      if (!doubles.has(dtype.name) || device === null || !isCertainly(device, 'mps')) return;
      if (isCaught(fact, 'TypeError')) return;
      report({
        at: fact.node.args.find(({ name }) => name?.text === 'dtype') ?? fact.node,
        message: `${dtype.name} does not exist on MPS: this raises TypeError when the parameters are created.`,
        severity: severityOn(device),
      });
    },
    // `model.double().to("mps")`
    methodCall(fact, report) {
      const { callee, node, object } = fact;
      if (fact.name !== 'to' || (object.kind !== 'torchModule' && object.kind !== 'instance'))
        return;
      const device = asDevice(fact.positional[0] ?? fact.keywords.get('device') ?? unknown);
      if (device === null || !isCertainly(device, 'mps') || node.args.length !== 1) return;
      const inner = callee.object;
      const isDouble =
        inner.kind === 'call' &&
        inner.callee.kind === 'attribute' &&
        inner.callee.name.text === 'double' &&
        inner.args.length === 0;
      if (!isDouble || isCaught(fact, 'TypeError')) return;
      report({
        at: { start: callee.name.start, end: node.end },
        message:
          'The parameters are float64, which does not exist on MPS: the move raises TypeError.',
        severity: severityOn(device),
      });
    },
    transfer(fact, report, context) {
      if (fact.dtype === null || !doubles.has(fact.dtype) || !isCertainly(fact.device, 'mps'))
        return;
      if (isCaught(fact, 'TypeError')) return;
      // What a DataLoader makes is float64-from-collate.
      if (fact.value.kind === 'tensor' && fact.value.collated === true) return;
      // A cast that follows at once is float-cast-after-move, whose fix is better.
      if (castOfMove(context, fact) !== null) return;
      const verb = fact.how === 'move' ? 'moved' : 'created';
      const origin = fact.value.origin;
      report({
        at: fact.dtypeExpression ?? fact.node,
        message: `${fact.dtype} does not exist on MPS: this raises TypeError when the tensor is ${verb}.`,
        // Chosen at run time, the device is MPS on a Mac only.
        severity: fact.device.choice === undefined ? 'error' : 'warning',
        related:
          origin !== undefined && (origin.start < fact.node.start || origin.end > fact.node.end)
            ? [{ start: origin.start, end: origin.end, message: `This makes ${fact.dtype}.` }]
            : [],
        fixes: fixes(fact, context),
      });
    },
  },
};

/** The call that saved float64 under the same name; null: not known. */
function savedAs(path: Value | undefined, { facts }: Facts): Span | null {
  if (path?.kind !== 'constant') return null;
  const save = facts.find(
    (other) =>
      other.kind === 'libraryCall' &&
      other.name === 'torch.save' &&
      other.positional[1]?.kind === 'constant' &&
      other.positional[1].value === path.value &&
      holdsDoubles(other.positional[0]),
  );
  return save?.node ?? null;
}

function holdsDoubles(value: Value | undefined): boolean {
  if (value?.kind === 'tensor') return value.dtype !== null && doubles.has(value.dtype);
  if (value?.kind === 'dict') return [...value.entries.values()].some(holdsDoubles);
  return value?.kind === 'sequence' && value.elements.some(holdsDoubles);
}

function fixes(fact: TransferFact, context: RuleContext): Fix[] {
  const torch = context.facts.localNames.get('torch')?.name ?? 'torch';
  const { node, dtypeExpression } = fact;
  const single = fact.dtype === 'complex128' ? 'complex64' : 'float32';
  if (dtypeExpression !== null) {
    const text = textOf(context.module, dtypeExpression);
    const explicit = text.startsWith(`${torch}.`) || dtypeExpression.kind === 'attribute';
    return explicit
      ? [fix(`Use ${single}`, 'unsafe', () => [replace(dtypeExpression, `${torch}.${single}`)])]
      : [];
  }
  // Where there is no MPS the call raises, whatever the dtype.
  const device =
    fact.how === 'move'
      ? moveTarget(node)
      : node.args.find(({ name }) => name?.text === 'device')?.value;
  const { module } = context;
  const isSafe = isMpsLiteral(device, module) && !usesParameter(node, module);
  const applicability = isSafe ? 'safe' : 'unsafe';
  if (fact.how === 'convert') {
    const last = node.args.at(-1);
    if (last === undefined) return [];
    return [
      fix(`Make it ${single}`, applicability, () => [
        { start: last.end, end: last.end, text: `, dtype=${torch}.${single}` },
      ]),
    ];
  }
  if (fact.how === 'move' && node.callee.kind === 'attribute') {
    const { object } = node.callee;
    const cast = single === 'float32' ? '.float()' : `.to(${torch}.${single})`;
    return [
      fix(`Cast to ${single} before the move`, applicability, () => [...appendCall(object, cast)]),
    ];
  }
  return [];
}

import { isCaught } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import type { CallExpression } from '../../syntax/tree.ts';
import { dotOf, replace } from '../edits.ts';
import { mpsDeviceOf, severityOn } from '../mpsUse.ts';
import type { Rule } from '../rule.ts';
import { fix } from '../rule.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'double-on-mps',
    code: 'MPS203',
    severity: 'error',
    summary: 'A tensor on MPS is cast to float64',
    since: '0.1.0',
    fix: 'safe',
  },
  words: macDevice,
  calls: (name) => name === 'torch.float_power' || computing.test(name),
  on: {
    // Its result is float64, whatever it is given (executed on torch 2.13).
    libraryCall(fact, report) {
      const device = mpsDeviceOf(fact.positional[0]);
      const asked = fact.node.args.find(({ name }) => name?.text === 'dtype');
      // `torch.sum(x, dtype=torch.float64)`, `torch.zeros_like(x, dtype=torch.float64)`
      if (
        device !== null &&
        asked !== undefined &&
        computing.test(fact.name) &&
        isDouble(fact.keywords.get('dtype')) &&
        !fact.keywords.has('device') &&
        !isCaught(fact, 'TypeError')
      ) {
        report({ at: asked, message: result, severity: severityOn(device) });
        return;
      }
      if (fact.name !== 'torch.float_power' || device === null || isCaught(fact, 'TypeError'))
        return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: 'float_power computes in float64, which does not exist on MPS: this raises.',
        severity: severityOn(device),
      });
    },
    methodCall(fact, report, { module }) {
      const { callee, device, node } = fact;
      if (device === null || !isCertainly(device, 'mps') || isCaught(fact, 'TypeError')) return;
      const asked = node.args.find(({ name }) => name?.text === 'dtype');
      if (
        fact.object.kind === 'tensor' &&
        asked !== undefined &&
        !castsOnly.has(fact.name) &&
        isDouble(fact.keywords.get('dtype')) &&
        !fact.keywords.has('device')
      ) {
        report({ at: asked, message: result, severity: severityOn(device) });
        return;
      }
      if (!castsToDouble(fact.name, fact.positional, fact.keywords)) return;
      const toCpu = [...fact.positional, ...fact.keywords.values()].some((value) =>
        isCertainly(asDevice(value), 'cpu'),
      );
      const moves =
        !toCpu &&
        [...fact.positional, fact.keywords.get('device')].some(
          (value) => value !== undefined && asDevice(value) !== null,
        );
      // A move to MPS with a dtype is float64-to-mps.
      if (moves) return;
      const next = readOnCpu(module.text, node.end);
      report({
        at: { start: callee.name.start, end: node.end },
        message: toCpu
          ? 'The cast runs on MPS before the copy, which has no float64: this raises TypeError.'
          : 'float64 does not exist on MPS: this raises TypeError.',
        severity: severityOn(device),
        fixes:
          fact.object.kind === 'tensor' && (toCpu || next > 0) && onlyCasts(fact.name, node)
            ? [
                fix('Cast on the CPU', 'safe', () => [
                  replace(
                    { start: dotOf(module, callee), end: node.end + next },
                    '.cpu().double()',
                  ),
                ]),
              ]
            : [],
      });
    },
  },
};

/** Functions whose result is where their first argument is; `torch.tensor` and the like make new ones. */
const computing =
  /^torch\.(?:nn\.functional\.(?:softmax|log_softmax)|special\.\w+|linalg\.\w+|\w+_like|sum|mean|prod|cumsum|cumprod|nansum|nanmean|softmax|log_softmax|norm)$/;

const result = 'The result is float64, which does not exist on MPS: this raises TypeError.';

const castsOnly: ReadonlySet<string> = new Set(['to', 'type', 'numpy', 'cpu', 'cuda']);

const isDouble = (value: Value | undefined): boolean =>
  value?.kind === 'dtype' && value.framework === 'torch' && value.name === 'float64';

function castsToDouble(
  name: string,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): boolean {
  if (name === 'double' || name === 'float_power') return true;
  if (name !== 'to' && name !== 'type') return false;
  return [...positional, ...keywords.values()].some(
    (value) =>
      (value.kind === 'dtype' && value.name === 'float64') ||
      (value.kind === 'library' && value.name === 'torch.DoubleTensor'),
  );
}

/** Nothing but a cast, and a move with it: float_power computes, and `copy=True` says more. */
const onlyCasts = (name: string, { args }: CallExpression): boolean =>
  name !== 'float_power' &&
  args.every(
    (argument) =>
      argument.form === 'positional' || ['device', 'dtype'].includes(argument.name?.text ?? ''),
  ) &&
  args.length <= 2;

/** Length of `.cpu()` behind the cast. */
const readOnCpu = (text: string, offset: number): number =>
  text.startsWith('.cpu()', offset) ? '.cpu()'.length : 0;

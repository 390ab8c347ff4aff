import type { LibraryCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { asDevice, isCertainly } from '../../semantics/values.ts';
import type { Argument } from '../../syntax/tree.ts';
import { isForCuda } from '../cudaTests.ts';
import { deviceSelector } from '../deviceSelector.ts';
import { replace } from '../edits.ts';
import type { Fix } from '../finding.ts';
import { isForMacs, severityOn } from '../mpsUse.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'gradscaler-cuda-default',
    code: 'MPS111',
    severity: 'warning',
    summary: 'A gradient scaler does nothing on a Mac, or raises there',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /GradScaler/,
  besides: [{ words: macDevice, needed: /GradScaler/ }],
  calls: (name) => scalers.has(name),
  on: {
    libraryCall(fact, report, context) {
      const { module, environment } = context;
      if (isForCuda(fact, module)) return;
      const at = { start: fact.node.callee.start, end: fact.node.end };
      const enabled = fact.keywords.get('enabled');
      const isOn = enabled === undefined || (enabled.kind === 'constant' && enabled.value === true);
      // Who chooses `enabled` has thought of machines without CUDA.
      if (!isOn) return;
      if (scalesForCuda(fact)) {
        report({
          at,
          // Who asks something first may ask whether it is a Mac.
          severity: isForMacs(context.facts) && fact.tests.length === 0 ? 'warning' : 'info',
          message: 'Scales for CUDA: on Apple Silicon it warns and is switched off.',
          fixes: fixes(fact, context),
        });
        return;
      }
      const given = deviceOf(fact);
      const device = given === undefined ? null : asDevice(given);
      const { torch } = environment.versions;
      // 2.6 was read, and 2.8, which computes in float32.
      if (device === null || !isCertainly(device, 'mps') || !isBefore(torch, '2.7')) return;
      if (isCaught(fact, 'TypeError')) return;
      report({
        at,
        message: `The scaler of torch ${torch} computes in float64, which does not exist on MPS: step() raises TypeError. 2.8 does not.`,
        severity: severityOn(device),
      });
    },
  },
};

const cudaScalers = ['torch.cuda.amp.GradScaler', 'torch.cuda.amp.grad_scaler.GradScaler'];

const scalers: ReadonlySet<string> = new Set([
  ...cudaScalers,
  'torch.amp.GradScaler',
  'torch.amp.grad_scaler.GradScaler',
  'torch.GradScaler',
]);

const deviceOf = ({ keywords, positional }: LibraryCallFact) =>
  keywords.get('device') ?? positional[0];

function scalesForCuda(fact: LibraryCallFact): boolean {
  if (cudaScalers.includes(fact.name)) return true;
  const device = deviceOf(fact);
  return device === undefined || isCertainly(asDevice(device), 'cuda');
}

/** Before 2.8 a scaler for MPS raises; unsafe because one for the CPU scales, which CUDA's does not do there. */
function fixes({ node, name }: LibraryCallFact, context: RuleContext): Fix[] {
  const { facts, environment } = context;
  const torch = facts.localNames.get('torch')?.name;
  const own = deviceSelector(context, node.start);
  const [first] = node.args;
  if (torch === undefined || own?.existing !== true) return [];
  if (isBefore(environment.versions.torch, '2.8')) return [];
  const device = `${torch}.device(${own.name}).type`;
  const isNamed = !cudaScalers.includes(name) && first !== undefined && !isOther(first);
  const end = first === undefined ? node.end : isNamed ? first.end : first.start;
  const rest = first === undefined ? ')' : isNamed ? '' : ', ';
  return [
    fix(`Scale for ${own.name}`, 'unsafe', () => [
      replace({ start: node.start, end }, `${torch}.amp.GradScaler(${device}${rest}`),
    ]),
  ];
}

const isOther = ({ name }: Argument): boolean => name !== null && name.text !== 'device';

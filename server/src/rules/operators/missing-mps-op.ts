import type { Facts } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Device, Value } from '../../semantics/values.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { MissingOperator } from '../../tables/mpsOperators.gen.ts';
import {
  missingMpsBackwards,
  missingMpsOperators,
  operatorVersions,
} from '../../tables/mpsOperators.gen.ts';
import { torchvisionOperators } from '../../tables/torchvisionOperators.ts';
import { isDifferentiated } from '../differentiated.ts';
import { insertLinesBefore, ownsItsLines } from '../edits.ts';
import { factsOf } from '../factsOf.ts';
import type { Fix, Severity } from '../finding.ts';
import { classOf } from '../moduleClass.ts';
import { mpsDeviceOf } from '../mpsUse.ts';
import type { NewFinding, Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { compareVersions, isAtLeast, isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';
import { variantOf, variedFunctions } from './operatorVariants.ts';

export const rule: Rule = {
  meta: {
    name: 'missing-mps-op',
    code: 'MPS601',
    severity: 'error',
    summary: 'An operator is used that torch does not have for MPS',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: macDevice,
  calls: (name) =>
    name.startsWith('torchvision.ops.') ||
    missingMpsOperators.has(name) ||
    missingMpsBackwards.has(name) ||
    variedFunctions.has(name) ||
    convolutions.has(name) ||
    mmcvOperators.has(name),
  on: {
    libraryCall(fact, report, context) {
      if (fact.name.startsWith('torchvision.ops.')) {
        const message = missingInTorchvision(fact.name, context);
        const device = onMps([...fact.positional, ...fact.keywords.values()]);
        if (message === null || device === null || isCaught(fact, 'NotImplementedError')) return;
        report({
          at: { start: fact.node.callee.start, end: fact.node.end },
          message,
          severity: severityOf(device),
          fixes: fixes(context),
        });
        return;
      }
      if (mmcvOperators.has(fact.name)) {
        const device = onMps([...fact.positional, ...fact.keywords.values()]);
        if (device === null || isCaught(fact, 'RuntimeError')) return;
        const message = `${fact.name} has no MPS kernel: this raises RuntimeError, and the fallback variable does not help.`;
        const at = { start: fact.node.callee.start, end: fact.node.end };
        report({ at, message, severity: severityOf(device) });
        return;
      }
      if (convolutions.has(fact.name)) {
        const input = fact.positional[0] ?? fact.keywords.get('input');
        const found = isCaught(fact, 'RuntimeError')
          ? null
          : refusedConvolution(fact.name, fact.name, input, context);
        const at = { start: fact.node.callee.start, end: fact.node.end };
        if (found !== null) report({ ...found, at });
        return;
      }
      const name = variantOf(fact);
      if (name === null) return;
      const operator = missingMpsOperators.get(name);
      const backward = missingMpsBackwards.get(name);
      if (operator === undefined && backward === undefined) return;
      const device = onMps([...fact.positional, ...fact.keywords.values()]);
      if (device === null || isCaught(fact, 'NotImplementedError')) return;
      const at = { start: fact.node.callee.start, end: fact.node.end };
      const found = operator && finding(name, operator, device, context);
      if (found) report({ ...found, at });
      else if (backward && isDifferentiated(fact.node, context.module, context.facts)) {
        const trained = finding(name, backward, device, context, 'backward pass');
        if (trained !== null) report({ ...trained, at });
      }
    },
    moduleCall(fact, report, context) {
      const name = classOf(fact.module);
      const of = name === null ? undefined : moduleFunctions.get(name);
      const operator = of === undefined ? undefined : missingMpsOperators.get(of);
      const convolution = name === null ? undefined : convolutionModules.get(name);
      if (convolution !== undefined && !isCaught(fact, 'RuntimeError')) {
        const found = refusedConvolution(
          `torch.nn.${name}`,
          convolution,
          fact.positional[0],
          context,
        );
        if (found !== null) report({ ...found, at: fact.node });
        return;
      }
      const device =
        onMps(fact.positional) ?? (isCertainly(fact.device, 'mps') ? fact.device : null);
      if (operator === undefined || device === null || isCaught(fact, 'NotImplementedError'))
        return;
      const found = finding(`torch.nn.${name}`, operator, device, context);
      if (found !== null) report({ ...found, at: fact.node });
    },
    methodCall(fact, report, context) {
      const operator = missingMpsOperators.get(`torch.${fact.name.replace(/_$/, '')}`);
      const device = mpsDeviceOf(fact.object);
      if (operator === undefined || device === null || isCaught(fact, 'NotImplementedError'))
        return;
      const found = finding(`Tensor.${fact.name}`, operator, device, context);
      if (found !== null)
        report({ ...found, at: { start: fact.callee.name.start, end: fact.node.end } });
    },
  },
};

/** They choose their kernels themselves, and have none for MPS (mmdetection issues 11437 and 10142, mmcv 2.1). */
const mmcvOperators: ReadonlySet<string> = new Set(['mmcv.ops.nms', 'mmcv.ops.roi_align']);

/** Convolutions in three dimensions, with the first version of torch that has them for MPS. */
const convolutions: ReadonlyMap<string, string> = new Map([
  ['torch.nn.functional.conv3d', '2.3'],
  ['torch.nn.functional.conv_transpose3d', '2.8'],
]);

const convolutionModules: ReadonlyMap<string, string> = new Map([
  ['Conv3d', 'torch.nn.functional.conv3d'],
  ['ConvTranspose3d', 'torch.nn.functional.conv_transpose3d'],
]);

/** Their operator is there for all dimensions and refuses three in older versions, and one numbers of 16 bits to this day. */
function refusedConvolution(
  name: string,
  called: string,
  input: Value | undefined,
  { environment }: RuleContext,
): Omit<NewFinding, 'at'> | null {
  const device = mpsDeviceOf(input);
  const since = convolutions.get(called);
  const { torch } = environment.versions;
  if (device === null || since === undefined) return null;
  const raises = 'this raises RuntimeError, and the fallback variable does not help.';
  const severity = severityOf(device);
  if (isBefore(torch, since))
    return {
      message: `${name} has no MPS kernel in torch ${torch}: ${raises} torch ${since} has it.`,
      severity,
    };
  const dtype = input?.kind === 'tensor' ? input.dtype : null;
  const isRefused =
    called.endsWith('conv_transpose3d') &&
    (dtype === 'float16' || dtype === 'bfloat16') &&
    !isAtLeast(torch, '2.16');
  return isRefused
    ? { message: `${name} has no MPS kernel for ${dtype}: ${raises}`, severity }
    : null;
}

/** Modules of torch by the function that their forward pass calls (traced on torch 2.13.0). */
const moduleFunctions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AdaptiveAvgPool3d: 'adaptive_avg_pool3d',
    AdaptiveMaxPool3d: 'adaptive_max_pool3d',
    AvgPool3d: 'avg_pool3d',
    CTCLoss: 'ctc_loss',
    FractionalMaxPool2d: 'fractional_max_pool2d',
    FractionalMaxPool3d: 'fractional_max_pool3d',
    MaxPool3d: 'max_pool3d',
    MaxUnpool2d: 'max_unpool2d',
    MaxUnpool3d: 'max_unpool3d',
    MultiLabelMarginLoss: 'multilabel_margin_loss',
    MultiMarginLoss: 'multi_margin_loss',
    RReLU: 'rrelu',
  }).map(([name, called]) => [name, `torch.nn.functional.${called}`]),
);

/** Sets the variable above all imports: the CPU then computes what MPS cannot. */
function fixes({ module }: RuleContext): Fix[] {
  const first = module.body.find(
    (statement) =>
      statement.kind === 'import' ||
      (statement.kind === 'importFrom' && statement.module !== '__future__'),
  );
  if (first === undefined || !ownsItsLines(module, first)) return [];
  const lines = ['import os', 'os.environ["PYTORCH_ENABLE_MPS_FALLBACK"] = "1"'];
  return [
    fix('Let the CPU compute what MPS cannot', 'unsafe', () => [
      insertLinesBefore(module, first, lines),
    ]),
  ];
}

/** What an installed torchvision says to a call on MPS; null: it has a kernel, or is not known. */
function missingInTorchvision(name: string, { environment, facts }: RuleContext): string | null {
  const operator = name.slice(name.lastIndexOf('.') + 1);
  const since = torchvisionOperators.get(operator);
  const installed = environment.versions.torchvision;
  if (since === undefined || !isBefore(installed, since) || fallsBack(facts)) return null;
  return `${name} has no MPS kernel in torchvision ${installed}: this raises NotImplementedError. torchvision ${since} has it.`;
}

/** Where the device is chosen, the fallback may be, too: by whoever starts the program on a Mac. */
const severityOf = ({ choice }: Device): Severity => (choice === undefined ? 'error' : 'info');

const onMps = (values: readonly Value[]): Device | null => {
  for (const value of values) {
    const device = mpsDeviceOf(value);
    if (device !== null) return device;
  }
  return null;
};

function finding(
  name: string,
  { operator, missingIn }: MissingOperator,
  device: Device,
  context: RuleContext,
  what: 'MPS kernel' | 'backward pass' = 'MPS kernel',
): Omit<NewFinding, 'at'> | null {
  const { environment, facts } = context;
  const installed = environment.versions.torch;
  const read = columnOf(installed);
  if (read === undefined || !missingIn.includes(read) || fallsBack(facts)) return null;
  const first = operatorVersions.find(
    (version) => !missingIn.includes(version) && compareVersions(version, read) > 0,
  );
  const which = `torch ${installed ?? read}`;
  const when = first === undefined ? '' : ` torch ${first} has it.`;
  const lacks = what === 'MPS kernel' ? `no ${what}` : `no ${what} on MPS`;
  const raises = what === 'MPS kernel' ? 'this raises' : 'backward() raises';
  return {
    message: `${name} has ${lacks} in ${which} (aten::${operator}): ${raises} NotImplementedError.${when}`,
    severity: severityOf(device),
    fixes: fixes(context),
  };
}

/**
 * The version whose column holds for the installed one: kernels are added and not taken away, so what a later
 * version lacks, this one lacks, too. A release after the last that was read may have any.
 */
function columnOf(installed: string | undefined): string | undefined {
  const newest = operatorVersions.at(-1);
  if (installed === undefined || newest === undefined) return newest;
  const releaseOf = (version: string): string => version.split('.').slice(0, 2).join('.');
  return (
    operatorVersions.find((version) => compareVersions(version, installed) >= 0) ??
    (releaseOf(installed) === releaseOf(newest) ? newest : undefined)
  );
}

/** PYTORCH_ENABLE_MPS_FALLBACK is set in time, so the CPU does it. */
const fallsBack = (facts: Facts): boolean =>
  factsOf(facts, 'environmentWrite').some(
    ({ name, value, torchLoadedBy }) =>
      name === 'PYTORCH_ENABLE_MPS_FALLBACK' && value !== '0' && torchLoadedBy === null,
  );

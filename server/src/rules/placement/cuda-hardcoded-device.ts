import type { DeviceUseFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import { comparesThis } from '../../semantics/gpuOptions.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { Expression, Span } from '../../syntax/tree.ts';
import { isForCuda, isInTest, isPlacedForCuda } from '../cudaTests.ts';
import { deviceSelector } from '../deviceSelector.ts';
import { replace, textOf } from '../edits.ts';
import type { Fix, Severity } from '../finding.ts';
import { sendsToProcesses } from '../processes.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { cuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-hardcoded-device',
    code: 'MPS101',
    severity: 'error',
    summary: 'A CUDA device is named outright, so the program raises on Apple Silicon',
    since: '0.1.0',
    fix: 'mixed',
  },
  words: cuda,
  calls: (name) => /^(?:lightning|pytorch_lightning|lightning_fabric)\./.test(name),
  on: {
    libraryCall(fact, report, { module }) {
      const value = fact.keywords.get('accelerator');
      if (value?.kind !== 'constant' || value.value !== 'cuda') return;
      if (isForCuda(fact, module) || fact.caught.size > 0) return;
      report({
        at: fact.node.args.find(({ name }) => name?.text === 'accelerator')?.value ?? fact.node,
        severity: fact.reached ? 'error' : isInTest(fact, module) ? 'info' : 'warning',
        message:
          '`CUDAAccelerator` can not run on Apple Silicon: this raises; "auto" takes MPS there.',
      });
    },
    deviceUse(fact, report, context) {
      if (!isCertainly(fact.device, 'cuda') || isForCuda(fact, context.module)) return;
      if (isCaught(fact, 'AssertionError') || isCaught(fact, 'RuntimeError')) return;
      if (isOfOtherClass(fact) || isOfTensor(fact) || makesGenerator(fact)) return;
      if (isIndexed(fact)) return;
      const at = placeOf(fact);
      // Who names the device may be for CUDA where who uses it is for any device.
      if (isPlacedForCuda(context.module, at.start)) return;
      report({
        at,
        severity: severityOf(fact, context),
        message:
          fact.how === 'cudaMethod'
            ? '.cuda() raises "Torch not compiled with CUDA enabled" on Apple Silicon.'
            : isLoad(fact)
              ? '"cuda" does not exist on Apple Silicon: this raises "Attempting to deserialize object on a CUDA device".'
              : '"cuda" does not exist on Apple Silicon: this raises "Torch not compiled with CUDA enabled".',
        related:
          at.start >= fact.node.start && at.end <= fact.node.end
            ? []
            : [{ start: fact.node.start, end: fact.node.end, message: 'The device is used here.' }],
        fixes: fixes(fact, at, context),
      });
    },
  },
};

/** `torch.Generator(device="cuda")` raises another error: generator-device-mismatch has it. */
const makesGenerator = ({ node: { callee } }: DeviceUseFact): boolean =>
  callee.kind === 'attribute' && callee.name.text === 'Generator';

/** `device=x.device` after `x = y.cuda()`: that call has its own finding. */
const isOfTensor = ({ how, device: { origin } }: DeviceUseFact): boolean =>
  how !== 'cudaMethod' &&
  origin?.kind === 'call' &&
  origin.callee.kind === 'attribute' &&
  origin.callee.name.text === 'cuda';

/** `isinstance(module, HQQLinear)`: what `.cuda()` does there is that class's affair. */
function isOfOtherClass({ how, node, tests }: DeviceUseFact): boolean {
  const { callee } = node;
  if (how !== 'cudaMethod' || callee.kind !== 'attribute' || callee.object.kind !== 'name')
    return false;
  const { id } = callee.object;
  return tests.some(
    (test) =>
      test.kind === 'call' &&
      test.callee.kind === 'name' &&
      test.callee.id === 'isinstance' &&
      test.args[0]?.value.kind === 'name' &&
      test.args[0].value.id === id &&
      // torch.Tensor and nn.Module are known; a bare name is a class of somebody.
      test.args[1]?.value.kind === 'name' &&
      !/^(?:Tensor|Module)$/.test(test.args[1].value.id),
  );
}

/** `if device_id >= 0: x.cuda(device_id)`: the number says whether there is a device. */
const isIndexed = ({ how, node: { args }, tests }: DeviceUseFact): boolean =>
  how === 'cudaMethod' && args.some(({ value }) => tests.some((test) => comparesThis(test, value)));

const isLoad = ({ node, expression }: DeviceUseFact): boolean =>
  node.args.some(({ name, value }) => name?.text === 'map_location' && value === expression);

function severityOf(fact: DeviceUseFact, { facts, module }: RuleContext): Severity {
  if (fact.how === 'packageArgument' || isInTest(fact, module)) return 'info';
  // Between processes there is NCCL, and code that only machines with CUDA run.
  if (!fact.reached && sendsToProcesses(fact, facts)) return 'info';
  return fact.reached ? 'error' : 'warning';
}

/** The literal that named the device, wherever it is; for `.cuda()` the call from its dot on. */
function placeOf(fact: DeviceUseFact): { start: number; end: number } {
  const { callee } = fact.node;
  if (fact.how === 'cudaMethod' && callee.kind === 'attribute') {
    return { start: callee.name.start, end: fact.node.end };
  }
  return fact.device.origin ?? fact.expression ?? fact.node;
}

function fixes(
  fact: DeviceUseFact,
  at: { start: number; end: number },
  context: RuleContext,
): Fix[] {
  // gloo takes no tensors on MPS, and which of several devices a process has is not for the first to say.
  if (sendsToProcesses(fact, context.facts) || takesNumber(fact)) return [];
  const selector = deviceSelector(context, at.start);
  if (selector === null) return [];
  const replacement = replacementFor(fact, at, selector.name, context);
  if (replacement === null) return [];
  const title = selector.existing
    ? `Use ${selector.name}`
    : `Choose the device at run time: cuda, mps or cpu`;
  const isSafe =
    selector.existing &&
    selector.keepsCuda &&
    isFirstDevice(fact, at, context) &&
    isArgument(fact, at);
  return [
    fix(title, isSafe ? 'safe' : 'unsafe', () => [...selector.edits, replace(at, replacement)]),
  ];
}

/** `.cuda(rank)`: a number that is not written there. */
const takesNumber = ({ how, node }: DeviceUseFact): boolean =>
  how === 'cudaMethod' &&
  node.args.some(({ name, value }) => name?.text !== 'non_blocking' && value.kind !== 'number');

/** "cuda" and .cuda(), but not "cuda:1" and .cuda(1): a choice at run time takes the first device. */
const isFirstDevice = (
  fact: DeviceUseFact,
  at: { start: number; end: number },
  { module }: RuleContext,
): boolean =>
  fact.how === 'cudaMethod'
    ? fact.node.args.every(({ name }) => name?.text === 'non_blocking')
    : !textOf(module, at).includes(':');

/** A literal that stands elsewhere may be compared or printed, and `torch.device("cuda").type` read. */
const isArgument = (fact: DeviceUseFact, at: Span): boolean =>
  fact.how === 'cudaMethod' ||
  (fact.device.origin?.kind === 'string' && fact.node.args.some(({ value }) => value === at));

/** A device object fits wherever a string does, but not inside torch.device("cuda"). */
function replacementFor(
  fact: DeviceUseFact,
  at: { start: number; end: number },
  name: string,
  { module }: RuleContext,
): string | null {
  const text = textOf(module, at);
  if (fact.how === 'cudaMethod') {
    const asynchronous = fact.node.args.find((argument) => argument.name?.text === 'non_blocking');
    return asynchronous === undefined
      ? `to(${name})`
      : `to(${name}, ${textOf(module, asynchronous)})`;
  }
  const origin = fact.device.origin as Expression | undefined;
  if (origin === undefined) return null;
  if (origin.kind === 'call') return name;
  // device_map wants a name.
  const inside = fact.node.args.find((argument) => argument.value === fact.expression);
  if (inside?.name?.text === 'device_map') return `str(${name})`;
  return /^[rbuRBU]?["']cuda(:\d+)?["']$/.test(text) ? name : null;
}

import type { LibraryCallFact, MethodCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import { isForCuda } from '../cudaTests.ts';
import type { DeviceExpression } from '../deviceSelector.ts';
import { deviceSelector } from '../deviceSelector.ts';
import { appendCall, replace } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { cuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-tensor-type',
    code: 'MPS116',
    severity: 'error',
    summary: 'A tensor type of torch.cuda is used',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: cuda,
  calls: (name) => name === 'torch.set_default_tensor_type' || cudaType.test(name),
  on: {
    libraryCall(fact, report, context) {
      const { module } = context;
      const makes = cudaType.test(fact.name);
      const sets =
        fact.name === 'torch.set_default_tensor_type' && fact.positional.some(isCudaType);
      if ((!makes && !sets) || isForCuda(fact, module) || isCaught(fact, 'TypeError')) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: `${makes ? fact.name : 'The default tensor type'} needs CUDA: this raises TypeError on Apple Silicon.`,
        severity: fact.reached ? 'error' : 'info',
        fixes: makes ? makingFixes(fact, context) : defaultFixes(fact, context),
      });
    },
    methodCall(fact, report, context) {
      const { module } = context;
      if (fact.name !== 'type' || !fact.positional.some(isCudaType)) return;
      if (isForCuda(fact, module) || fact.caught.size > 0) return;
      report({
        at: { start: fact.callee.name.start, end: fact.node.end },
        message: 'Types of torch.cuda need CUDA: this raises on Apple Silicon.',
        severity: fact.reached ? 'error' : 'info',
        fixes: fixes(fact, context),
      });
    },
  },
};

const cudaType = /^torch\.cuda\.[A-Z]\w*Tensor$/;

const isCudaType = (value: Value): boolean =>
  (value.kind === 'library' && cudaType.test(value.name)) ||
  (value.kind === 'constant' && typeof value.value === 'string' && cudaType.test(value.value));

/** What the types hold; MPS has no float64. */
const dtypes: ReadonlyMap<string, string> = new Map([
  ['Float', 'float32'],
  ['Half', 'float16'],
  ['BFloat16', 'bfloat16'],
  ['Long', 'int64'],
  ['Int', 'int32'],
  ['Short', 'int16'],
  ['Char', 'int8'],
  ['Byte', 'uint8'],
  ['Bool', 'bool'],
]);

const dtypeOf = (type: string): string | undefined =>
  dtypes.get(/^torch\.cuda\.(\w+)Tensor$/.exec(type)?.[1] ?? '');

const titleOf = ({ existing, name }: DeviceExpression, move: string): string =>
  existing ? `${move} ${name}` : 'Choose the device at run time: cuda, mps or cpu';

/** `torch.cuda.FloatTensor(3)` has a size and `([1.0])` has data: `torch.FloatTensor` takes both, on the CPU. */
function makingFixes({ node, name }: LibraryCallFact, context: RuleContext): Fix[] {
  const torch = context.facts.localNames.get('torch')?.name;
  const selector = deviceSelector(context, node.start);
  if (dtypeOf(name) === undefined || torch === undefined || selector === null) return [];
  const type = `${torch}.${name.slice(name.lastIndexOf('.') + 1)}`;
  return [
    fix(titleOf(selector, 'Make it on the CPU and move it to'), 'unsafe', () => [
      ...selector.edits,
      replace(node.callee, type),
      ...appendCall(node, `.to(${selector.name})`),
    ]),
  ];
}

/** The default type says device and dtype, of which float32 is the default anyway. */
function defaultFixes({ node, positional }: LibraryCallFact, context: RuleContext): Fix[] {
  const [type] = positional;
  const name = type?.kind === 'library' ? type.name : type?.kind === 'constant' ? type.value : null;
  const torch = context.facts.localNames.get('torch')?.name;
  const selector = deviceSelector(context, node.start);
  if (name !== 'torch.cuda.FloatTensor' || torch === undefined || selector === null) return [];
  return [
    fix(titleOf(selector, 'Make tensors on'), 'unsafe', () => [
      ...selector.edits,
      replace(node, `${torch}.set_default_device(${selector.name})`),
    ]),
  ];
}

/** `.type(torch.cuda.FloatTensor)` moves and casts: `.to(device, torch.float32)`. */
function fixes({ node, callee, positional }: MethodCallFact, context: RuleContext): Fix[] {
  const [type] = positional;
  const name = type?.kind === 'library' ? type.name : type?.kind === 'constant' ? type.value : null;
  const dtype = dtypeOf(String(name));
  const torch = context.facts.localNames.get('torch')?.name;
  const selector = deviceSelector(context, node.start);
  if (dtype === undefined || torch === undefined || selector === null || node.args.length !== 1)
    return [];
  return [
    fix(titleOf(selector, 'Move to'), 'unsafe', () => [
      ...selector.edits,
      replace(
        { start: callee.name.start, end: node.end },
        `to(${selector.name}, ${torch}.${dtype})`,
      ),
    ]),
  ];
}

import type { MethodCallFact } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import { isForCuda } from '../cudaTests.ts';
import { deviceSelector } from '../deviceSelector.ts';
import { replace } from '../edits.ts';
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
    libraryCall(fact, report, { module }) {
      const makes = cudaType.test(fact.name);
      const sets =
        fact.name === 'torch.set_default_tensor_type' && fact.positional.some(isCudaType);
      if ((!makes && !sets) || isForCuda(fact, module)) return;
      report({
        at: { start: fact.node.callee.start, end: fact.node.end },
        message: `${makes ? fact.name : 'The default tensor type'} needs CUDA: this raises TypeError on Apple Silicon.`,
        severity: fact.reached ? 'error' : 'info',
      });
    },
    methodCall(fact, report, context) {
      const { module } = context;
      if (fact.name !== 'type' || !fact.positional.some(isCudaType) || isForCuda(fact, module))
        return;
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

/** `.type(torch.cuda.FloatTensor)` moves and casts: `.to(device, torch.float32)`. */
function fixes({ node, callee, positional }: MethodCallFact, context: RuleContext): Fix[] {
  const [type] = positional;
  const name = type?.kind === 'library' ? type.name : type?.kind === 'constant' ? type.value : null;
  const dtype = dtypes.get(/^torch\.cuda\.(\w+)Tensor$/.exec(String(name))?.[1] ?? '');
  const torch = context.facts.localNames.get('torch')?.name;
  const selector = deviceSelector(context, node.start);
  if (dtype === undefined || torch === undefined || selector === null || node.args.length !== 1)
    return [];
  const title = selector.existing
    ? `Move to ${selector.name}`
    : 'Choose the device at run time: cuda, mps or cpu';
  return [
    fix(title, 'unsafe', () => [
      ...selector.edits,
      replace(
        { start: callee.name.start, end: node.end },
        `to(${selector.name}, ${torch}.${dtype})`,
      ),
    ]),
  ];
}

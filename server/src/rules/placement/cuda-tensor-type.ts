import type { Value } from '../../semantics/values.ts';
import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { cuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-tensor-type',
    code: 'MPS116',
    severity: 'error',
    summary: 'A tensor type of torch.cuda is used',
    since: '0.1.0',
    fix: 'none',
  },
  words: cuda,
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
    methodCall(fact, report, { module }) {
      if (fact.name !== 'type' || !fact.positional.some(isCudaType) || isForCuda(fact, module))
        return;
      report({
        at: { start: fact.callee.name.start, end: fact.node.end },
        message: 'Types of torch.cuda need CUDA: this raises on Apple Silicon.',
        severity: fact.reached ? 'error' : 'info',
      });
    },
  },
};

const cudaType = /^torch\.cuda\.[A-Z]\w*Tensor$/;

const isCudaType = (value: Value): boolean =>
  (value.kind === 'library' && cudaType.test(value.name)) ||
  (value.kind === 'constant' && typeof value.value === 'string' && cudaType.test(value.value));

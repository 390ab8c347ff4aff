import type { Expression } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import { deviceTypeOf } from './values.ts';

/**
 * Does an option for a GPU decide? What is no such option chooses for reasons of its own, and
 * `"cuda" if "cuda" in device else "cpu"` takes a device apart and chooses none.
 */
export const isGpuOption = (test: Expression): boolean => isOption(test) && !namesCuda(test);

const namesCuda = (test: Expression): boolean =>
  (test.kind === 'compare' && [test.left, ...test.operands].some(isCudaText)) ||
  childrenOf(test).some((child) => namesCuda(child as Expression));

const isCudaText = (node: Expression): boolean =>
  node.kind === 'string' && deviceTypeOf(node.value) === 'cuda';

/** None, 0, -1 */
const isNoneOrNumber = (node: Expression): boolean =>
  (node.kind === 'constant' && node.value === null) ||
  node.kind === 'number' ||
  (node.kind === 'unary' && isNoneOrNumber(node.operand));

const isWord = (text: string): boolean => /cuda|gpu/i.test(text);

/**
 * `use_cuda`, `args.gpu is not None`, `gpu > -1`, `len(gpus) > 0`, `wants_gpu()`, `misc.use_gpu(config)`, `args["cuda"]`, `params.get("use_cuda", False)`;
 * not `x.is_cuda()` and `function is torch.cuda.amp.autocast`.
 */
function isOption(test: Expression): boolean {
  switch (test.kind) {
    case 'name':
      return isWord(test.id);
    case 'attribute':
      return isWord(test.name.text) && test.name.text !== 'is_cuda';
    case 'subscript':
      return test.index.some((key) => key.kind === 'string' && isWord(key.value));
    case 'call': {
      const [key] = test.args;
      const { callee } = test;
      if (callee.kind === 'attribute' && callee.name.text === 'get')
        return key?.value.kind === 'string' && isWord(key.value.value);
      if (callee.kind === 'name' && callee.id === 'len' && key !== undefined)
        return isOption(key.value);
      if (callee.kind === 'attribute')
        return /^(?:use|has|wants?)_?(?:cuda|gpu)/i.test(callee.name.text);
      return callee.kind === 'name' && isOption(callee);
    }
    case 'compare':
      return test.operands.every(isNoneOrNumber) && isOption(test.left);
    case 'unary':
      return isOption(test.operand);
    case 'boolean':
      return isOption(test.left) || isOption(test.right);
    default:
      return false;
  }
}

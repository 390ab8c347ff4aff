import type { CompareExpression, Expression } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import { deviceTypeOf } from './values.ts';

/**
 * Does an option for a GPU decide? What is no such option chooses for reasons of its own, and
 * `"cuda" if "cuda" in device else "cpu"` takes a device apart and chooses none.
 */
export const isGpuOption = (test: Expression): boolean => isOption(test) && !namesCuda(test);

/** `index >= 0`, `args.device[0] != -1` */
export const comparesIndex = (test: Expression): test is CompareExpression =>
  test.kind === 'compare' && test.operands.every(isNoneOrNumber);

/** Does a number decide that names the device itself, as in `f"cuda:{args.device[0]}" if args.device[0] != -1 else "cpu"`? */
export function isIndexOption(test: Expression, cuda: Expression): boolean {
  if (!['formatted', 'binary', 'call'].includes(cuda.kind)) return false;
  if (!comparesIndex(test)) return false;
  const holds = (node: Expression): boolean =>
    isSame(node, test.left) || childrenOf(node).some((child) => holds(child as Expression));
  return holds(cuda);
}

/** Does a number decide that is the index itself, as in `if device_id >= 0: x.cuda(device_id)`? */
export const comparesThis = (test: Expression, index: Expression): boolean =>
  comparesIndex(test) && isSame(index, test.left);

/** `args.gpu`, `devices[0]`; false for what is more than names and what stands in brackets. */
function isSame(one: Expression, other: Expression): boolean {
  if (one.kind === 'name') return other.kind === 'name' && one.id === other.id;
  if (one.kind === 'attribute')
    return (
      other.kind === 'attribute' &&
      one.name.text === other.name.text &&
      isSame(one.object, other.object)
    );
  if (one.kind === 'number') return other.kind === 'number' && one.value === other.value;
  if (one.kind === 'string') return other.kind === 'string' && one.value === other.value;
  return (
    one.kind === 'subscript' &&
    other.kind === 'subscript' &&
    isSame(one.object, other.object) &&
    one.index.length === other.index.length &&
    one.index.every((each, at) => isSame(each, other.index[at] as Expression))
  );
}

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

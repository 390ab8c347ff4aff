import type { CudaArmFact, FactOf } from '../../semantics/facts.ts';
import { isCertainly } from '../../semantics/values.ts';
import type { CallExpression, Expression, Statement } from '../../syntax/tree.ts';
import { childrenOf, walk } from '../../syntax/visit.ts';
import { beyondCuda } from '../../tables/mac.ts';
import { pathOf } from '../assignments.ts';
import { cudaBody } from '../cudaBody.ts';
import { asksForMps, isBehindGpuOption, isForCuda, isInTest } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { backends, besideCuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cpu-assumed-without-cuda',
    code: 'MPS120',
    severity: 'info',
    summary: 'Without CUDA the program takes itself to be on the CPU',
    since: '0.1.0',
    fix: 'none',
  },
  words: backends,
  besides: [...besideCuda, { words: /^is_cuda$/, needed: /^cpu$/, within: 'function' }],
  on: {
    cudaArm(fact, report, { facts, module }) {
      const asked = facts.askedInScope.get(fact.scope);
      if ([...beyondCuda].some((backend) => asked?.has(backend))) return;
      if (otherArm(fact).some(saysCpu)) {
        report({
          at: fact.node.test,
          message:
            'A Mac has no CUDA and still has a GPU: this takes it for a machine with a CPU only.',
        });
        return;
      }
      const move = firstMove(cudaBody(fact, module));
      if (move === null || otherArm(fact).some(movesAnywhere) || asksForMps(facts)) return;
      if (isForCuda(fact, module) || isInTest(fact, module)) return;
      report({ at: move, message: 'Moves to CUDA only: on Apple Silicon the GPU stays idle.' });
    },
    gpuFlag(fact, report, { facts, module }) {
      if (asksForMps(facts) || isForCuda(fact, module) || isInTest(fact, module)) return;
      report({ at: fact.node, message: 'A Mac has a GPU: this says that there is none.' });
    },
    deviceKind(fact, report, { facts, module }) {
      if (isForCuda(fact, module) || isInTest(fact, module) || asksForMps(facts)) return;
      report({ at: fact.node, message: 'For "mps", the GPU of a Mac, this says "cpu".' });
    },
    deviceGate(fact, report, { facts, module }) {
      if (isForCuda(fact, module) || isInTest(fact, module) || asksForMps(facts)) return;
      const copied = firstCall(fact.node.body, isCopyToCpu);
      const move = firstMove(fact.node.body) ?? firstMoveTo(comparedDevice(fact.node.test), fact);
      if (isOfTensor(fact.node.test)) {
        if (move !== null)
          report({
            at: move,
            message: 'Follows a tensor to CUDA only: with one on MPS this stays.',
          });
        if (copied !== null)
          report({ at: copied, message: 'Copies from CUDA only: a tensor on MPS stays there.' });
        return;
      }
      if (move === null) return;
      report({
        at: move,
        message:
          'Moves only where the device is "cuda": for "mps" nothing is moved to the GPU here.',
      });
    },
    deviceUse(fact, report, { facts, module }) {
      if (fact.how !== 'cudaMethod' && fact.how !== 'toMethod') return;
      if (!isCertainly(fact.device, 'cuda') || !isBehindGpuOption(fact, module)) return;
      if (asksForMps(facts)) return;
      report({
        at: fact.node,
        message:
          'Behind this option only CUDA is used: on Apple Silicon this raises, or the GPU stays idle.',
      });
    },
  },
};

const otherArm = ({ body, node }: CudaArmFact): readonly Statement[] =>
  body === node.body ? node.orElse : node.body;

const firstMove = (body: readonly Statement[]): CallExpression | null =>
  firstCall(body, isMoveToCuda);

/** `x.is_cuda`, `torch.is_tensor(x) and x.is_cuda` */
const isOfTensor = (test: Expression): boolean =>
  test.kind === 'boolean'
    ? isOfTensor(test.right)
    : test.kind === 'attribute' && test.name.text === 'is_cuda';

function firstCall(
  body: readonly Statement[],
  isSought: (method: string, call: CallExpression) => boolean,
): CallExpression | null {
  let found: CallExpression | null = null;
  walk(body, (inner) => {
    if (found !== null || inner.kind !== 'call' || inner.callee.kind !== 'attribute') return;
    if (isSought(inner.callee.name.text, inner)) found = inner;
  });
  return found;
}

/** `model.cuda()`, `x = x.to("cuda")` */
function isMoveToCuda(method: string, { args }: CallExpression): boolean {
  const to = method === 'to' ? args[0]?.value : undefined;
  return method === 'cuda' || (to?.kind === 'string' && /^cuda/.test(to.value));
}

/** `device` of `device is not None and device.type == "cuda"` */
function comparedDevice(test: Expression): string | null {
  if (test.kind === 'boolean') return comparedDevice(test.left) ?? comparedDevice(test.right);
  if (test.kind !== 'compare') return null;
  const { left } = test;
  const [right] = test.operands;
  if (right?.kind !== 'string') return null;
  const device = left.kind === 'attribute' && left.name.text === 'type' ? left.object : left;
  return pathOf(device);
}

/** `x = x.to(device, non_blocking=True)` */
const firstMoveTo = (
  device: string | null,
  { node }: FactOf<'deviceGate'>,
): CallExpression | null =>
  device === null
    ? null
    : firstCall(
        node.body,
        (method, { args }) =>
          method === 'to' &&
          args.some(
            ({ name, value }, at) =>
              (name === null ? at === 0 : name.text === 'device') && pathOf(value) === device,
          ),
      );

/** `x.cpu()`, `x.to("cpu")` */
function isCopyToCpu(method: string, { args }: CallExpression): boolean {
  const to = method === 'to' ? args[0]?.value : undefined;
  return method === 'cpu' || (to?.kind === 'string' && to.value === 'cpu');
}

/** `model.to(device)` */
function movesAnywhere(statement: Statement): boolean {
  let found = false;
  walk([statement], (inner) => {
    if (inner.kind === 'call' && inner.callee.kind === 'attribute')
      found ||= /^(?:to|cuda|mps)$/.test(inner.callee.name.text);
  });
  return found;
}

/** `print("using CPU")` */
const saysCpu = (statement: Statement): boolean =>
  statement.kind === 'expression' &&
  statement.value.kind === 'call' &&
  statement.value.args.some(({ value }) => mentions(value));

const mentions = (value: Expression): boolean =>
  (value.kind === 'string' && /\bCPU\b/i.test(value.value)) ||
  childrenOf(value).some((child) => mentions(child as Expression));

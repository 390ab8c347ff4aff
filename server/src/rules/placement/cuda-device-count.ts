import type { CallExpression, Expression, Statement } from '../../syntax/tree.ts';
import { childrenOf, walk } from '../../syntax/visit.ts';
import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';
import { cuda } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-device-count',
    code: 'MPS119',
    severity: 'info',
    summary: 'The number of CUDA devices is taken for the number of devices',
    since: '0.1.0',
    fix: 'none',
  },
  words: cuda,
  calls: (name) => name === 'torch.cuda.device_count',
  on: {
    libraryCall(fact, report, { module }) {
      if (isForCuda(fact, module)) return;
      const { statement, node } = fact;
      const isNamed = statement.kind === 'assign' && isValue(statement.value, node);
      if (!isNamed && !isNumberOfDevices(statement, node) && !isFactor(statement, node)) return;
      report({ at: { start: node.callee.start, end: node.end }, message });
    },
    cudaValue({ node, statement }, report) {
      const { body, orElse } = node;
      const isCount =
        body.kind === 'call' &&
        body.callee.kind === 'attribute' &&
        body.callee.name.text === 'device_count' &&
        orElse.kind === 'number' &&
        orElse.value === 0;
      if (isCount && isCalledGpu(statement, node)) report({ at: node, message });
    },
  },
};

const message = 'Is 0 on Apple Silicon: with MPS there is one device.';

/** `batch_size * torch.cuda.device_count()`, `rank % torch.cuda.device_count()` */
function isFactor(statement: Statement, call: CallExpression): boolean {
  let found = false;
  walk([statement], (inner) => {
    if (inner.kind === 'binary' && /^(?:[*%]|\/\/?)$/.test(inner.operator))
      found ||= inner.left === call || inner.right === call;
  });
  return found;
}

/** `{"hardware.gpus": …}`, `report(n_gpu=…)`; names that say so are MPS120's. */
function isCalledGpu(statement: Statement, value: Expression): boolean {
  let found = false;
  walk([statement], (inner) => {
    if (inner.kind === 'dict')
      found ||= inner.entries.some((entry) => entry.value === value && saysGpu(entry.key));
    else if (inner.kind === 'call')
      found ||= inner.args.some((each) => each.value === value && gpu.test(each.name?.text ?? ''));
  });
  return found;
}

const gpu = /(?:^|[._]|num|count)gpus?(?:$|_)/i;

const saysGpu = (node: Expression | null): boolean =>
  node?.kind === 'string' && gpu.test(node.value);

/** `Trainer(devices=torch.cuda.device_count())`, `spawn(run, nprocs=torch.cuda.device_count())` */
function isNumberOfDevices(statement: Statement, call: CallExpression): boolean {
  let found = false;
  walk([statement], (inner) => {
    if (inner.kind === 'call')
      found ||= inner.args.some(
        ({ name, value }) =>
          value === call &&
          /^(?:devices|nprocs|world_size|(?:n_?|num_)?gpus)$/.test(name?.text ?? ''),
      );
  });
  return found;
}

/** Is the call the value itself or an arm of it? Compared or multiplied, 0 may be what is meant. */
const isValue = (value: Expression, call: CallExpression): boolean =>
  value === call ||
  ((value.kind === 'conditional' ||
    // `device_count() or 1` knows that it may be 0.
    (value.kind === 'boolean' && !(value.operator === 'or' && value.left === call))) &&
    childrenOf(value).some((child) => isValue(child as Expression, call)));

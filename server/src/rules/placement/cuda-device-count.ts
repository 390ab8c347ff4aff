import type { CallExpression, Expression, Statement } from '../../syntax/tree.ts';
import { childrenOf, walk } from '../../syntax/visit.ts';
import { isForCuda } from '../cudaTests.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'cuda-device-count',
    code: 'MPS119',
    severity: 'info',
    summary: 'The number of CUDA devices is taken for the number of devices',
    since: '0.1.0',
    fix: 'none',
  },
  on: {
    libraryCall(fact, report, { module }) {
      if (fact.name !== 'torch.cuda.device_count' || isForCuda(fact, module)) return;
      const { statement, node } = fact;
      const isNamed = statement.kind === 'assign' && isValue(statement.value, node);
      if (!isNamed && !isNumberOfDevices(statement, node)) return;
      report({
        at: { start: node.callee.start, end: node.end },
        message: 'Is 0 on Apple Silicon: with MPS there is one device.',
      });
    },
  },
};

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
  ((value.kind === 'conditional' || value.kind === 'boolean') &&
    childrenOf(value).some((child) => isValue(child as Expression, call)));
